export interface ShortcutTarget {
  isMuted(): boolean;
  setMuted(muted: boolean): void;
  toggleMute(): void;
  /** Space was pressed or released. */
  held(isHeld: boolean): void;
}

const TYPING = "input, textarea, select, [contenteditable]:not([contenteditable='false'])";
/** Space activates these; M does nothing on them. */
const PRESSABLE =
  "button, a[href], summary, [role=button], [role=link], [role^=menuitem], [role=option], [role=tab]";
const WIDGET = "[role=slider], [role=switch], [role=checkbox], [role=radio], [role=combobox], [role=textbox]";

/**
 * Hold space to talk, press M to mute. Ignored while somebody types or while the focused control needs the key.
 * Releasing space closes the microphone that it opened, also if it is released elsewhere (another window, a hidden
 * page, a menu of the browser). Pressing Meta closes it too: macOS sends no keyup while Meta is held.
 */
export function listenForShortcuts(target: ShortcutTarget): () => void {
  let talking = false;

  const stopTalking = () => {
    if (!talking) return;
    talking = false;
    target.setMuted(true);
    target.held(false);
  };
  const down = (event: KeyboardEvent) => {
    if (event.metaKey) stopTalking();
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.code === "Space" && !isTaken(event, `${TYPING}, ${PRESSABLE}, ${WIDGET}`)) {
      event.preventDefault();
      if (event.repeat || talking || !target.isMuted()) return;
      talking = true;
      target.setMuted(false);
      target.held(true);
    } else if (
      event.key.toLowerCase() === "m" &&
      !event.repeat &&
      !event.shiftKey &&
      !isTaken(event, TYPING)
    ) {
      talking = false;
      target.held(false);
      target.toggleMute();
    }
  };
  const up = (event: KeyboardEvent) => {
    if (event.code === "Space") stopTalking();
  };
  const hidden = () => document.visibilityState === "hidden" && stopTalking();

  window.addEventListener("keydown", down);
  // In the capture phase, so that a widget that stops the event cannot keep the microphone open.
  window.addEventListener("keyup", up, true);
  window.addEventListener("contextmenu", stopTalking, true);
  window.addEventListener("blur", stopTalking);
  document.addEventListener("visibilitychange", hidden);
  return () => {
    stopTalking();
    window.removeEventListener("keydown", down);
    window.removeEventListener("keyup", up, true);
    window.removeEventListener("contextmenu", stopTalking, true);
    window.removeEventListener("blur", stopTalking);
    document.removeEventListener("visibilitychange", hidden);
  };
}

function isTaken(event: KeyboardEvent, selector: string): boolean {
  const element = event.composedPath()[0];
  return element instanceof Element && element.closest(selector) !== null;
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
