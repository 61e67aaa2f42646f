export interface ShortcutTarget {
  isMuted(): boolean;
  setMuted(muted: boolean): void;
  toggleMute(): void;
  /** Space was pressed or released. */
  held(isHeld: boolean): void;
}

/** Controls that take letters. Radio buttons, checkboxes and buttons take only Space. */
const NO_TEXT = "[type=checkbox], [type=radio], [type=range], [type=button], [type=submit], [type=file]";
const TYPING = `input:not(${NO_TEXT}), textarea, select, [contenteditable]:not([contenteditable='false']), [role=combobox], [role=textbox]`;
/** Space activates these; M does nothing on them. */
const PRESSABLE =
  "input, button, a[href], summary, [role=button], [role=link], [role^=menuitem], [role=option], [role=tab], [role=slider], [role=switch], [role=checkbox], [role=radio]";

/**
 * Hold space to talk, press M to mute. Ignored while somebody types, or while a control that the keyboard focused needs
 * the key. A control that a click focused does not: its focus is not visible, so nobody expects it to take Space.
 * Releasing space closes the microphone that it opened, also if it is released elsewhere (another window, a hidden
 * page, a menu of the browser). Pressing Meta closes it too: macOS sends no keyup while Meta is held.
 */
export function listenForShortcuts(target: ShortcutTarget): () => void {
  let talking = false;
  /** Space is down and was ours, so its release must not press the focused button (Firefox presses on keyup). */
  let holdsSpace = false;
  /** The focus came from the keyboard. Pressing any key makes `:focus-visible` match in Chromium, also after a click. */
  let keyboardFocus = isFocusVisible(document.activeElement);

  const stopTalking = () => {
    if (!talking) return;
    talking = false;
    target.setMuted(true);
    target.held(false);
  };
  const down = (event: KeyboardEvent) => {
    if (event.metaKey) stopTalking();
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const isSpaceTaken = isOn(event, TYPING) || (keyboardFocus && isOn(event, PRESSABLE));
    if (event.code === "Space" && !isSpaceTaken) {
      event.preventDefault();
      holdsSpace = true;
      if (event.repeat || talking || !target.isMuted()) return;
      talking = true;
      target.setMuted(false);
      target.held(true);
    } else if (latinLetter(event) === "m" && !event.repeat && !event.shiftKey && !isOn(event, TYPING)) {
      talking = false;
      target.held(false);
      target.toggleMute();
    }
  };
  const up = (event: KeyboardEvent) => {
    if (event.code !== "Space") return;
    if (holdsSpace) event.preventDefault();
    holdsSpace = false;
    stopTalking();
  };
  const focused = (event: FocusEvent) => {
    keyboardFocus = isFocusVisible(event.target);
  };
  const pointed = () => {
    keyboardFocus = false;
  };
  const hidden = () => document.visibilityState === "hidden" && stopTalking();

  window.addEventListener("focusin", focused, true);
  window.addEventListener("pointerdown", pointed, true);
  window.addEventListener("keydown", down);
  // In the capture phase, so that a widget that stops the event cannot keep the microphone open.
  window.addEventListener("keyup", up, true);
  window.addEventListener("contextmenu", stopTalking, true);
  window.addEventListener("blur", stopTalking);
  document.addEventListener("visibilitychange", hidden);
  return () => {
    stopTalking();
    window.removeEventListener("focusin", focused, true);
    window.removeEventListener("pointerdown", pointed, true);
    window.removeEventListener("keydown", down);
    window.removeEventListener("keyup", up, true);
    window.removeEventListener("contextmenu", stopTalking, true);
    window.removeEventListener("blur", stopTalking);
    document.removeEventListener("visibilitychange", hidden);
  };
}

function isOn(event: KeyboardEvent, selector: string): boolean {
  const element = event.composedPath()[0];
  return element instanceof Element && element.closest(selector) !== null;
}

function isFocusVisible(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches(":focus-visible");
}

/**
 * The Latin letter of a key. A layout with other letters (Cyrillic, Greek, Hebrew, Arabic, Thai, Hangul) is read by the
 * key's place. Not for signs: the comma of a French keyboard is at the place of M.
 */
function latinLetter({ key, code }: KeyboardEvent): string {
  const isOtherLetter = /^[\p{L}\p{M}]+$/u.test(key) && !/\p{Script=Latin}/u.test(key);
  // "Process": an input method took the key.
  const letter = isOtherLetter || key === "Process" ? code.replace(/^Key/, "") : key;
  return letter.toLowerCase();
}

export interface HoldTarget {
  setMuted(muted: boolean): void;
  /** While `speaking`, no pause ends the turn for the tutor; false ends it. */
  hold(speaking: boolean): void;
  changed(isHeld: boolean): void;
}

/**
 * The large button of the practice page: while it is held, the microphone is open and the turn continues; releasing it
 * ends both. A pointer or a key may be released anywhere, so `stop` may be called more than once.
 */
export class HoldToSpeak {
  private isHeld = false;

  constructor(private readonly target: HoldTarget) {}

  readonly start = (): void => {
    if (this.isHeld) return;
    this.isHeld = true;
    this.target.hold(true);
    this.target.setMuted(false);
    this.target.changed(true);
  };

  readonly stop = (): void => {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.target.setMuted(true);
    this.target.hold(false);
    this.target.changed(false);
  };
}
