import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type MicrophoneInput, watchInput } from "./microphone-input";

class FakeTrack extends EventTarget {
  muted = false;
  readyState = "live";
  setMuted(muted: boolean): void {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? "mute" : "unmute"));
  }
}

let track: FakeTrack;
let hasSignal: boolean | null;
let inputs: MicrophoneInput[];
let ends: number;
let close: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  track = new FakeTrack();
  hasSignal = true;
  inputs = [];
  ends = 0;
  watch();
});

afterEach(() => {
  close();
  vi.useRealTimers();
});

function watch(): void {
  close = watchInput(track as unknown as MediaStreamTrack, {
    hasSignal: () => hasSignal,
    changed: (input) => inputs.push(input),
    ended: () => {
      ends += 1;
    },
  });
}

test("digital silence is reported after ten seconds, and its end at once", () => {
  hasSignal = false;
  vi.advanceTimersByTime(9_000);
  expect(inputs).toEqual([]);
  vi.advanceTimersByTime(2_000);
  expect(inputs).toEqual(["silent"]);
  hasSignal = true;
  vi.advanceTimersByTime(200);
  expect(inputs).toEqual(["silent", "sound"]);
});

test("a quiet room and pauses of a noise gate are not silence", () => {
  for (let i = 0; i < 10; i++) {
    hasSignal = false;
    vi.advanceTimersByTime(5_000);
    hasSignal = true;
    vi.advanceTimersByTime(400);
  }
  expect(inputs).toEqual([]);
});

test("a level that cannot be measured does not count as silence", () => {
  hasSignal = null;
  vi.advanceTimersByTime(60_000);
  expect(inputs).toEqual([]);
});

test("a mute by the system is reported at once, and recovers", () => {
  track.setMuted(true);
  hasSignal = false;
  vi.advanceTimersByTime(60_000);
  track.setMuted(false);
  expect(inputs).toEqual(["system_muted", "sound"]);
});

test("a track that is muted from its start is reported", () => {
  close();
  track.muted = true;
  watch();
  expect(inputs).toEqual(["system_muted"]);
});

test("the end of a track is reported once, also without an event", () => {
  track.readyState = "ended";
  vi.advanceTimersByTime(400);
  track.dispatchEvent(new Event("ended"));
  expect(ends).toBe(1);
});

test("nothing is reported after the watch is closed", () => {
  close();
  track.setMuted(true);
  track.dispatchEvent(new Event("ended"));
  vi.advanceTimersByTime(1_000);
  expect([inputs, ends]).toEqual([[], 0]);
});
