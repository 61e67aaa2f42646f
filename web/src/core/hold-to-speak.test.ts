import { describe, expect, it, vi } from "vitest";
import { HoldToSpeak } from "./push-to-talk";

function button() {
  const told: string[] = [];
  const hold = new HoldToSpeak({
    setMuted: (muted) => told.push(muted ? "mute" : "unmute"),
    hold: (speaking) => told.push(speaking ? "hold" : "release"),
    changed: vi.fn(),
  });
  return { hold, told };
}

describe("holding to speak", () => {
  it("opens the microphone and tells the tutor, and undoes both", () => {
    const { hold, told } = button();
    hold.start();
    hold.stop();
    expect(told).toEqual(["hold", "unmute", "mute", "release"]);
  });

  it("is one hold whichever key and finger are down, and one release", () => {
    const { hold, told } = button();
    hold.start();
    hold.start();
    hold.stop();
    hold.stop();
    expect(told).toHaveLength(4);
  });

  it("releasing without a hold never mutes or unmutes", () => {
    const { hold, told } = button();
    hold.stop();
    expect(told).toEqual([]);
  });
});
