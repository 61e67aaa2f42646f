import { describe, expect, it, vi } from "vitest";
import { HoldToSpeak } from "./push-to-talk";

function button() {
  const calls: string[] = [];
  const hold = new HoldToSpeak({
    setMuted: (muted) => calls.push(muted ? "mute" : "unmute"),
    hold: (speaking) => calls.push(speaking ? "hold" : "release"),
    changed: vi.fn(),
  });
  return { hold, calls };
}

describe("holding to speak", () => {
  it("opens the microphone and notifies the tutor, and undoes both", () => {
    const { hold, calls } = button();
    hold.start();
    hold.stop();
    expect(calls).toEqual(["hold", "unmute", "mute", "release"]);
  });

  it("is one hold whichever key and finger are down, and one release", () => {
    const { hold, calls } = button();
    hold.start();
    hold.start();
    hold.stop();
    hold.stop();
    expect(calls).toHaveLength(4);
  });

  it("releasing without a hold never mutes or unmutes", () => {
    const { hold, calls } = button();
    hold.stop();
    expect(calls).toEqual([]);
  });
});
