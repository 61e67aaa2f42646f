import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { MicrophoneStatus } from "../../hooks";
import { renderUi } from "../../test/render";
import { JoinPanel } from "./JoinPanel";

const microphone = vi.hoisted(() => ({ status: "idle" as string, input: "sound", start: vi.fn() }));

vi.mock("../../hooks", () => ({
  useMicrophone: () => ({ ...microphone, devices: [], deviceId: null, select: vi.fn() }),
  useMicLevel: () => {},
}));

const onJoin = vi.fn();

function show(status: MicrophoneStatus) {
  microphone.status = status;
  const panel = <JoinPanel headingId="h" onJoin={onJoin} />;
  const view = renderUi(panel);
  return {
    becomes: (next: MicrophoneStatus) => {
      microphone.status = next;
      view.rerender(<JoinPanel headingId="h" onJoin={onJoin} />);
    },
  };
}

beforeEach(() => {
  onJoin.mockReset();
  microphone.start.mockReset();
  microphone.input = "sound";
});

describe("JoinPanel", () => {
  it("asks for the microphone first, and joins once it is ready", async () => {
    const panel = show("idle");
    await userEvent.click(screen.getByRole("button", { name: "Join the room" }));
    expect(microphone.start).toHaveBeenCalledOnce();
    expect(onJoin).not.toHaveBeenCalled();
    panel.becomes("ready");
    expect(onJoin).toHaveBeenCalledOnce();
  });

  it("does not join when the microphone is refused, and offers to listen", async () => {
    const panel = show("idle");
    await userEvent.click(screen.getByRole("button", { name: "Join the room" }));
    panel.becomes("denied");
    expect(onJoin).not.toHaveBeenCalled();
    expect(screen.getByText("The microphone is blocked")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Join as a listener" }));
    expect(onJoin).toHaveBeenCalledOnce();
  });

  it.each(["idle", "denied", "none", "error"] as const)(
    "lets one in without a microphone when it is %s",
    async (status) => {
      show(status);
      await userEvent.click(screen.getByRole("button", { name: "Join as a listener" }));
      expect(onJoin).toHaveBeenCalledOnce();
      expect(microphone.start).not.toHaveBeenCalled();
    },
  );

  it("does not open the browser's prompt before a click", () => {
    show("idle");
    expect(microphone.start).not.toHaveBeenCalled();
  });

  it.each([
    ["silent", /^No sound comes from your microphone/],
    ["system_muted", /has muted the microphone/],
  ])("says that a microphone delivers nothing instead of that it is ready: %s", (input, text) => {
    microphone.input = input;
    show("ready");
    expect(screen.getByText(text)).toBeTruthy();
    expect(screen.queryByText(/Say something/)).toBeNull();
  });
});
