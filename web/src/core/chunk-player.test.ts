import { beforeEach, expect, it, vi } from "vitest";
import { ChunkPlayer } from "./chunk-player";

interface Source {
  at: number;
  isStopped: boolean;
  onended: (() => void) | null;
}

const context = vi.hoisted(() => ({
  currentTime: 10,
  destination: {},
  sources: [] as Source[],
  /** Resolves the decoding of each file, in the order of the files. */
  decoded: [] as ((sound: { duration: number } | null) => void)[],
  decodeAudioData() {
    return new Promise((resolve, reject) => {
      context.decoded.push((sound) => (sound ? resolve(sound) : reject(new Error("no sound"))));
    });
  },
  createBufferSource() {
    const source = {
      at: 0,
      isStopped: false,
      onended: null,
      connect() {},
      disconnect() {},
      start(at: number) {
        source.at = at;
      },
      stop() {
        source.isStopped = true;
      },
    };
    context.sources.push(source);
    return source;
  },
}));
vi.mock("./audio-context", () => ({ audioContext: () => context, releaseAudioContext: () => {} }));

const started = vi.fn();
const ended = vi.fn();
const failed = vi.fn();
let player: ChunkPlayer<string>;

beforeEach(() => {
  vi.useFakeTimers();
  for (const mock of [started, ended, failed]) mock.mockReset();
  context.sources = [];
  context.decoded = [];
  player = new ChunkPlayer({ started, ended, failed });
  player.open();
  return () => vi.useRealTimers();
});

async function decode(duration: number | null): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
  context.decoded.shift()?.(duration === null ? null : { duration });
  await vi.advanceTimersByTimeAsync(0);
}

function add(...tags: string[]): void {
  for (const tag of tags) player.add(new ArrayBuffer(1), tag);
}

it("chunks follow each other without a gap, and each is announced when it begins", async () => {
  add("a", "b");
  await decode(1);
  await decode(2);
  const [first, second] = context.sources as [Source, Source];
  expect(second.at).toBeCloseTo(first.at + 1, 6);
  await vi.advanceTimersByTimeAsync(500);
  expect(started.mock.calls).toEqual([["a"]]);
  await vi.advanceTimersByTimeAsync(700);
  expect(started.mock.calls).toEqual([["a"], ["b"]]);
});

it("the end is told once, after the last chunk", async () => {
  add("a", "b");
  await decode(1);
  context.sources[0]?.onended?.();
  expect(ended).not.toHaveBeenCalled();
  await decode(1);
  context.sources[1]?.onended?.();
  expect(ended).toHaveBeenCalledOnce();
});

it("a stop silences what sounds, what waits, and what is being decoded", async () => {
  add("a", "b");
  await decode(1);
  player.stop();
  await decode(1);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(context.sources.map(({ isStopped }) => isStopped)).toEqual([true]);
  expect(started).not.toHaveBeenCalled();
});

it("a file that cannot be decoded is left out and told", async () => {
  add("broken", "b");
  await decode(null);
  await decode(1);
  expect(failed).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(100);
  expect(started.mock.calls).toEqual([["b"]]);
});
