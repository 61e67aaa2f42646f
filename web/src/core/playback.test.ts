import { beforeEach, expect, test, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import { Playback } from "./playback";
import { DEFAULT_SETTINGS, type Settings } from "./settings";

class FakeElement extends EventTarget {
  static made: FakeElement[] = [];
  static allowed = true;
  autoplay = false;
  muted = false;
  paused = true;
  volume = 1;
  srcObject: unknown = null;

  constructor() {
    super();
    FakeElement.made.push(this);
  }

  async play() {
    if (!FakeElement.allowed) throw new DOMException("", "NotAllowedError");
    this.paused = false;
    this.dispatchEvent(new Event("playing"));
  }

  pause() {
    this.paused = true;
    this.dispatchEvent(new Event("pause"));
  }
}

const receivers = () =>
  new Map(["1", "2"].map((mid) => [mid, { track: { mid } } as unknown as RTCRtpReceiver]));
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
let playback: Playback;
const blocked = () => playback.store.getState().blocked;

beforeEach(() => {
  FakeElement.made = [];
  FakeElement.allowed = true;
  vi.stubGlobal("Audio", FakeElement);
  vi.stubGlobal("MediaStream", class {});
  playback = new Playback(
    createStore<Settings>(() => DEFAULT_SETTINGS),
    undefined,
  );
});

test("becomes blocked if the browser requires a tap", async () => {
  FakeElement.allowed = false;
  playback.attach(receivers());
  await turn();
  expect(blocked()).toBe(true);
  FakeElement.allowed = true;
  playback.unblock();
  await turn();
  expect(blocked()).toBe(false);
});

test("playback paused by something else is blocked until it plays", async () => {
  playback.attach(receivers());
  await turn();
  expect(blocked()).toBe(false);
  FakeElement.made[0]?.pause();
  expect(blocked()).toBe(true);
  playback.unblock();
  await turn();
  expect(blocked()).toBe(false);
});

test("replaced and closed outputs do not become blocked", async () => {
  playback.attach(receivers());
  playback.attach(receivers());
  await turn();
  expect(blocked()).toBe(false);
  playback.detach();
  expect(blocked()).toBe(false);
  expect(FakeElement.made.every(({ srcObject }) => srcObject === null)).toBe(true);
});

test("prepared audio plays without sound, and is heard from the switch on by the same elements", async () => {
  playback.attach(receivers());
  const next = receivers();
  playback.prepare(next);
  await turn();
  const playing = () => FakeElement.made.filter(({ srcObject }) => srcObject !== null);
  const [old, prepared] = [playing().slice(0, 2), playing().slice(2)];
  expect(old.map(({ muted, paused }) => [muted, paused])).toEqual([
    [false, false],
    [false, false],
  ]);
  expect(prepared.map(({ muted, paused }) => [muted, paused])).toEqual([
    [true, false],
    [true, false],
  ]);
  playback.attach(next);
  expect(playing()).toEqual(prepared);
  expect(prepared.map(({ muted, paused, volume }) => [muted, paused, volume])).toEqual([
    [false, false, 1],
    [false, false, 1],
  ]);
  expect(old.every(({ paused, srcObject }) => paused && srcObject === null)).toBe(true);
});

test("prepared audio that is not switched to is closed", async () => {
  playback.attach(receivers());
  playback.prepare(receivers());
  playback.prepare(receivers());
  playback.detach();
  await turn();
  expect(FakeElement.made.length).toBeGreaterThanOrEqual(6);
  expect(FakeElement.made.every(({ srcObject }) => srcObject === null)).toBe(true);
});
