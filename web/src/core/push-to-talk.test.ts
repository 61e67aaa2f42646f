import { afterEach, beforeEach, expect, test } from "vitest";
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

test("a button keeps its space, and M works on it", () => {
  const target = element("<button><span data-target>x</span></button>");
  expect(press("Space", target).defaultPrevented).toBe(false);
  expect(muted).toBe(true);
  press("KeyM", target);
  expect(toggles).toBe(1);
});

test("with a modifier M is the browser's", () => {
  press("KeyM", document.body, "keydown", { ctrlKey: true });
  press("KeyM", document.body, "keydown", { repeat: true });
  expect(toggles).toBe(0);
});
