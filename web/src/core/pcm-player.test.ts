import { beforeEach, describe, expect, it, vi } from "vitest";
import { PcmPlayer } from "./pcm-player";

const RATE = 48_000;

class FakeSource {
  buffer: { duration: number; samples: Float32Array } | null = null;
  onended: (() => void) | null = null;
  startsAt = Number.NaN;
  readonly connect = vi.fn();
  readonly disconnect = vi.fn();
  readonly stop = vi.fn();
  start(at: number): void {
    this.startsAt = at;
  }
}

const context = {
  currentTime: 1,
  sampleRate: RATE,
  destination: {},
  sources: [] as FakeSource[],
  createBuffer: (_channels: number, length: number) => {
    const samples = new Float32Array(length);
    return { samples, duration: length / RATE, copyToChannel: (from: Float32Array) => samples.set(from) };
  },
  createBufferSource: () => {
    const source = new FakeSource();
    context.sources.push(source);
    return source;
  },
};

vi.mock("./audio-context", () => ({ audioContext: () => context, releaseAudioContext: () => {} }));

/** ms of a tone at 16 kHz, from `at` ms on. */
function tone(at: number, ms: number): ArrayBuffer {
  return Int16Array.from(
    { length: ms * 16 },
    (_, i) => 16_000 * Math.sin((2 * Math.PI * 500 * (at * 16 + i)) / 16_000),
  ).buffer;
}

let heard: string[];
function player(): PcmPlayer {
  heard = [];
  const one = new PcmPlayer({ started: () => heard.push("started"), ended: () => heard.push("ended") });
  one.open();
  return one;
}

beforeEach(() => {
  context.sources.length = 0;
  context.currentTime = 1;
});

describe("sound that arrives in pieces", () => {
  it("follows without a gap, and its seams are smooth", () => {
    const one = player();
    for (const at of [0, 20, 40, 60]) one.add(tone(at, 20));
    context.sources.slice(1).forEach((source, index) => {
      const before = context.sources[index] as FakeSource;
      expect(source.startsAt).toBeCloseTo(before.startsAt + (before.buffer?.duration ?? 0), 9);
    });
    const all = context.sources.flatMap(({ buffer }) => [...(buffer?.samples ?? [])]);
    // 500 Hz of this height changes by at most 2π · 500 / 48,000 · 0.49 from sample to sample.
    const steps = all.slice(1).map((sample, index) => Math.abs(sample - (all[index] as number)));
    expect(all.length).toBeGreaterThan(0.07 * RATE);
    expect(Math.max(...all)).toBeGreaterThan(0.45);
    expect(Math.max(...steps)).toBeLessThan(0.04);
  });

  it("starts a little later after a pause in the network", () => {
    const one = player();
    one.add(tone(0, 20));
    context.currentTime = 5;
    one.add(tone(20, 20));
    expect(context.sources[1]?.startsAt).toBeCloseTo(5.08);
  });

  it("is over when the last piece has ended", () => {
    const one = player();
    one.add(tone(0, 20));
    one.add(tone(20, 20));
    context.sources[0]?.onended?.();
    expect(heard).toEqual(["started"]);
    context.sources[1]?.onended?.();
    expect(heard).toEqual(["started", "ended"]);
  });

  it("is silent at once after a stop, and begins anew", () => {
    const one = player();
    one.add(tone(0, 20));
    one.stop();
    expect(context.sources[0]?.stop).toHaveBeenCalled();
    one.add(tone(0, 20));
    expect(heard).toEqual(["started", "started"]);
  });

  it("of an odd number of bytes loses the last one only", () => {
    const one = player();
    one.add(tone(0, 20).slice(0, 401));
    expect(context.sources).toHaveLength(1);
  });
});
