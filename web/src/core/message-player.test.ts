import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, problem } from "./api-error";
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
  vi.useRealTimers();
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

  it("waits for sound that is still being stored", async () => {
    vi.useFakeTimers();
    fetchAudio
      .mockRejectedValueOnce(new ApiError(problem("not_found", 404, "No audio.", false)))
      .mockResolvedValue(new Blob(["ogg"]));
    const one = player();
    const playing = one.play("c1", "m1", true);
    await vi.advanceTimersByTimeAsync(400);
    await playing;
    expect(one.store.getState()).toEqual({ messageId: "m1", status: "playing" });
  });

  it("gives up on sound that is never stored, and asks no more once stopped", async () => {
    vi.useFakeTimers();
    fetchAudio.mockRejectedValue(new ApiError(problem("not_found", 404, "No audio.", false)));
    const one = player();
    const playing = one.play("c1", "m1", true);
    await vi.advanceTimersByTimeAsync(6_000);
    await playing;
    expect(one.store.getState().status).toBe("failed");
    expect(fetchAudio).toHaveBeenCalledTimes(5);
    const again = one.play("c1", "m1", true);
    one.stop();
    await vi.advanceTimersByTimeAsync(6_000);
    await again;
    expect(fetchAudio).toHaveBeenCalledTimes(6);
    expect(one.store.getState().status).toBe("idle");
  });

  it("asks once for sound of a talk that has ended", async () => {
    vi.useFakeTimers();
    fetchAudio.mockRejectedValue(new ApiError(problem("not_found", 404, "No audio.", false)));
    const one = player();
    const playing = one.play("c1", "m1");
    await vi.advanceTimersByTimeAsync(0);
    expect(one.store.getState().status).toBe("failed");
    await vi.advanceTimersByTimeAsync(6_000);
    await playing;
    expect(fetchAudio).toHaveBeenCalledTimes(1);
  });

  it("reports missing audio", async () => {
    fetchAudio.mockRejectedValue(new Error("404"));
    const one = player();
    await one.play("c1", "m1");
    expect(one.store.getState()).toEqual({ messageId: "m1", status: "failed" });
  });
});
