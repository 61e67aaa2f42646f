import { beforeEach, describe, expect, it, vi } from "vitest";
import { MessagePlayer } from "./message-player";

class FakeAudio {
  src = "";
  onended: (() => void) | null = null;
  readonly pause = vi.fn();
  readonly play = vi.fn(() => Promise.resolve());
}

const made: FakeAudio[] = [];
const fetchAudio = vi.fn();

function player() {
  return new MessagePlayer({
    fetchAudio,
    createAudio: () => {
      const audio = new FakeAudio();
      made.push(audio);
      return audio as unknown as HTMLAudioElement;
    },
  });
}

beforeEach(() => {
  made.length = 0;
  fetchAudio.mockReset().mockResolvedValue(new Blob(["ogg"]));
  URL.createObjectURL = vi.fn(() => "blob:x");
  URL.revokeObjectURL = vi.fn();
});

describe("playing a message", () => {
  it("plays it to its end", async () => {
    const one = player();
    await one.play("c1", "m1");
    expect(fetchAudio).toHaveBeenCalledWith("c1", "m1");
    expect(one.store.getState()).toEqual({ messageId: "m1", status: "playing" });
    made[0]?.onended?.();
    expect(one.store.getState().status).toBe("idle");
    expect(URL.revokeObjectURL).toHaveBeenCalledWith("blob:x");
  });

  it("stops the previous message", async () => {
    const one = player();
    await one.play("c1", "m1");
    await one.play("c1", "m2");
    expect(made[0]?.pause).toHaveBeenCalledOnce();
    expect(one.store.getState().messageId).toBe("m2");
  });

  it("does not play if stopped while loading", async () => {
    const one = player();
    const playing = one.play("c1", "m1");
    one.stop();
    await playing;
    expect(made).toHaveLength(0);
    expect(one.store.getState().status).toBe("idle");
  });

  it("reports missing audio", async () => {
    fetchAudio.mockRejectedValue(new Error("404"));
    const one = player();
    await one.play("c1", "m1");
    expect(one.store.getState()).toEqual({ messageId: "m1", status: "failed" });
  });
});
