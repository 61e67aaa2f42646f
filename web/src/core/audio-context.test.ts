import { beforeEach, expect, test, vi } from "vitest";

class FakeContext {
  state = "suspended";
  async resume() {
    this.state = "running";
  }
  async suspend() {
    this.state = "suspended";
  }
}

let core: typeof import("./audio-context");

beforeEach(async () => {
  vi.stubGlobal("AudioContext", FakeContext);
  vi.resetModules();
  core = await import("./audio-context");
});

test("runs while it is used and is suspended afterwards", () => {
  const [call, meter] = [{}, {}];
  const context = core.audioContext(call);
  expect(core.audioContext(meter)).toBe(context);
  core.releaseAudioContext(call);
  expect(context.state).toBe("running");
  core.releaseAudioContext(meter);
  expect(context.state).toBe("suspended");
  core.resumeAudioContext();
  expect(context.state).toBe("suspended");
  core.audioContext(call);
  expect(context.state).toBe("running");
});

test("releasing without holding changes nothing", () => {
  const context = core.audioContext(core);
  core.releaseAudioContext({});
  expect(context.state).toBe("running");
});
