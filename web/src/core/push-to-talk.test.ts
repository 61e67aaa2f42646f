import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listenForShortcuts } from "./push-to-talk";

let muted: boolean;
let toggles: number;
let stop: () => void;

beforeEach(() => {
  muted = true;
  toggles = 0;
  stop = listenForShortcuts({
    isMuted: () => muted,
    setMuted: (value) => {
      muted = value;
    },
    toggleMute: () => {
      toggles += 1;
    },
    held: () => {},
  });
});

afterEach(() => {
  stop();
  document.body.innerHTML = "";
});

function press(
  code: string,
  target: EventTarget = document.body,
  type = "keydown",
  init: KeyboardEventInit = {},
) {
  const key = code === "Space" ? " " : code.replace("Key", "").toLowerCase();
  const event = new KeyboardEvent(type, {
    code,
    key,
    bubbles: true,
    cancelable: true,
    composed: true,
    ...init,
  });
  target.dispatchEvent(event);
  return event;
}

function element(html: string): Element {
  document.body.innerHTML = html;
  return document.body.querySelector("[data-target]") as Element;
}

test("holding space talks until it is released", () => {
  expect(press("Space").defaultPrevented).toBe(true);
  expect(muted).toBe(false);
  press("Space", document.body, "keydown", { repeat: true });
  press("Space", document.body, "keyup");
  expect(muted).toBe(true);
});

test("releasing space does not mute someone who was unmuted before", () => {
  muted = false;
  press("Space");
  press("Space", document.body, "keyup");
  expect(muted).toBe(false);
});

test.each(["blur", "unmount"])("a key released elsewhere closes the microphone (%s)", (way) => {
  press("Space");
  if (way === "blur") window.dispatchEvent(new Event("blur"));
  else stop();
  expect(muted).toBe(true);
});

test.each([
  ["Meta goes down, which swallows the release of space on macOS", "keydown", { key: "Meta", metaKey: true }],
  ["a menu of the browser takes the keyboard", "contextmenu", {}],
])("space closes when %s", (_why, type, init) => {
  press("Space");
  document.body.dispatchEvent(new KeyboardEvent(type, { bubbles: true, ...init }));
  expect(muted).toBe(true);
});

test("a widget that stops keyup does not keep the microphone open", () => {
  const target = element("<div data-target></div>");
  target.addEventListener("keyup", (event) => event.stopPropagation());
  press("Space", target);
  press("Space", target, "keyup");
  expect(muted).toBe(true);
});

test.each([
  "<input data-target>",
  "<textarea data-target></textarea>",
  "<div contenteditable='true'><b data-target>x</b></div>",
])("nothing happens while somebody types in %s", (html) => {
  const target = element(html);
  expect(press("Space", target).defaultPrevented).toBe(false);
  press("KeyM", target);
  expect([muted, toggles]).toEqual([true, 0]);
});

function focusBy(way: "keyboard" | "pointer", target: Element) {
  if (way === "pointer") target.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  vi.spyOn(target, "matches").mockImplementation((selector) =>
    selector === ":focus-visible" ? way === "keyboard" : Element.prototype.matches.call(target, selector),
  );
  (target as HTMLElement).focus();
}

const CONTROLS = [
  "<button data-target>x</button>",
  "<a href='#' data-target>x</a>",
  "<input type='checkbox' role='switch' data-target>",
  "<div role='slider' tabindex='0' data-target></div>",
];

test.each(CONTROLS)("a control that the keyboard focused keeps its space, and M works on it: %s", (html) => {
  const target = element(html);
  focusBy("keyboard", target);
  expect(press("Space", target).defaultPrevented).toBe(false);
  expect(press("Space", target, "keyup").defaultPrevented).toBe(false);
  expect(muted).toBe(true);
  press("KeyM", target);
  expect(toggles).toBe(1);
});

test.each(CONTROLS)("a control that a click left focused does not take space: %s", (html) => {
  const target = element(html);
  focusBy("pointer", target);
  // From here Chromium calls the focus visible.
  press("KeyX", target);
  vi.spyOn(target, "matches").mockReturnValue(true);
  expect(press("Space", target).defaultPrevented).toBe(true);
  expect(muted).toBe(false);
  expect(press("Space", target, "keyup").defaultPrevented).toBe(true);
  expect(muted).toBe(true);
});

test("a click on a control that the keyboard had focused gives space back to talking", () => {
  const target = element("<button data-target>x</button>");
  focusBy("keyboard", target);
  target.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  press("Space", target);
  expect(muted).toBe(false);
});

test.each([
  ["Russian", "ь", "KeyM", 1],
  ["Greek", "μ", "KeyM", 1],
  ["Hebrew", "צ", "KeyM", 1],
  ["Arabic", "ة", "KeyM", 1],
  ["Persian", "ئ", "KeyM", 1],
  ["Thai", "ท", "KeyM", 1],
  ["Korean", "ㅡ", "KeyM", 1],
  ["an input method", "Process", "KeyM", 1],
  ["French", "m", "Semicolon", 1],
  ["French comma", ",", "KeyM", 0],
  ["Dvorak", "b", "KeyN", 0],
  ["Turkish caps", "M", "KeyM", 1],
  ["Russian, another key", "и", "KeyB", 0],
])("M by the letter, or by its place where letters are not Latin: %s", (_layout, key, code, times) => {
  press(code, document.body, "keydown", { key });
  expect(toggles).toBe(times);
});

test("with a modifier M is the browser's", () => {
  press("KeyM", document.body, "keydown", { ctrlKey: true });
  press("KeyM", document.body, "keydown", { repeat: true });
  expect(toggles).toBe(0);
});
