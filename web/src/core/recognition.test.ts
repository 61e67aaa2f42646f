import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { browserRecognition, Recognition } from "./recognition";

class FakeRecognition {
  static made: FakeRecognition[] = [];
  lang = "";
  continuous = false;
  interimResults = false;
  onresult: ((event: never) => void) | null = null;
  onerror: ((event: { error: string }) => void) | null = null;
  onend: (() => void) | null = null;
  isStopped = false;

  constructor() {
    FakeRecognition.made.push(this);
  }

  start() {}

  stop() {
    this.isStopped = true;
  }

  abort() {
    this.onend?.();
  }

  hears(transcript: string, isFinal: boolean) {
    const results = [Object.assign([{ transcript }], { isFinal })];
    this.onresult?.({ resultIndex: 0, results } as never);
  }
}

const heard = vi.fn();
const make = () => new Recognition(browserRecognition({ webkitSpeechRecognition: FakeRecognition }), heard);
const latest = () => FakeRecognition.made.at(-1) as FakeRecognition;

beforeEach(() => {
  FakeRecognition.made = [];
  heard.mockReset();
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe("the browser's recognition", () => {
  it("reports partial and final texts in the chosen language", () => {
    make().start("vi");
    latest().hears(" xin ", false);
    latest().hears("xin chào", true);
    expect(latest().lang).toBe("vi");
    expect(heard.mock.calls).toEqual([
      ["xin", false],
      ["xin chào", true],
    ]);
  });

  it("is turned off when it fails", () => {
    const recognition = make();
    recognition.choose(true);
    recognition.start("vi");
    latest().onerror?.({ error: "network" });
    expect(recognition.store.getState()).toEqual({ status: "failed", isChosen: false });
  });

  it("restarts when the browser ends it, until stopped", () => {
    const recognition = make();
    recognition.start("vi");
    latest().onend?.();
    vi.advanceTimersByTime(1_000);
    expect(FakeRecognition.made).toHaveLength(2);
    recognition.stop();
    latest().onend?.();
    vi.advanceTimersByTime(1_000);
    expect(FakeRecognition.made).toHaveLength(2);
    expect(latest().isStopped).toBe(true);
    expect(recognition.store.getState().status).toBe("off");
  });

  it("reports a last result after stop", () => {
    const recognition = make();
    recognition.start("vi");
    recognition.stop();
    latest().hears("tạm biệt", true);
    expect(heard).toHaveBeenCalledWith("tạm biệt", true);
  });

  it("reports a refusal of the browser and does not retry", () => {
    const recognition = make();
    recognition.start("vi");
    latest().onerror?.({ error: "not-allowed" });
    latest().onend?.();
    vi.advanceTimersByTime(1_000);
    expect(recognition.store.getState().status).toBe("refused");
    expect(FakeRecognition.made).toHaveLength(1);
    recognition.stop();
    expect(recognition.store.getState().status).toBe("refused");
    recognition.start("vi");
    expect(recognition.store.getState().status).toBe("on");
  });

  it("continues after silence, which browsers report as an error", () => {
    const recognition = make();
    recognition.start("vi");
    latest().onerror?.({ error: "no-speech" });
    expect(recognition.store.getState().status).toBe("on");
  });

  it("is unsupported if the browser has none", () => {
    expect(new Recognition(browserRecognition({}), heard).isSupported).toBe(false);
  });
});
