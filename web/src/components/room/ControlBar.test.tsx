import { act, cleanup, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { myself } from "../../dev/people";
import type { CallHook } from "../../hooks";
import { renderUi } from "../../test/render";
import { ControlBar } from "./ControlBar";

const microphone = vi.hoisted(() => ({ status: "ready" }));

vi.mock("../../hooks", () => ({
  useMicrophone: () => microphone,
  useMicLevel: () => {},
  useSettings: () => ({ shortcutsEnabled: true }),
  useSend: () => () => {},
}));

beforeEach(() => {
  microphone.status = "ready";
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => void vi.useRealTimers());

function show(call: Partial<CallHook>) {
  renderUi(
    <ControlBar
      call={{ isMuted: true, participants: [], ...call } as unknown as CallHook}
      me={myself()}
      hidden={new Set()}
      isHeld={false}
      onSettings={() => {}}
    />,
  );
  return screen.getByRole("status").textContent;
}

it("names the host's mute as the reason, even while the muted person keeps talking", () => {
  expect(show({ mutedByHost: true, isTalkingWhileMuted: true })).toMatch(/^The host muted you/);
});

it("reminds a muted person who talks that they are muted", () => {
  expect(show({ isTalkingWhileMuted: true })).toMatch(/^You are muted/);
});

it("says who hears me, calmly while muted and marked while open", () => {
  show({ isMuted: true });
  expect(screen.getByText("You are muted")).toBeTruthy();
  cleanup();
  show({ isMuted: false });
  expect(screen.getByText("Everyone here hears you").closest("[data-open=true]")).toBeTruthy();
});

it("keeps who hears me in sight while the pointer or the focus is on the mute button", async () => {
  for (const isMuted of [true, false]) {
    show({ isMuted });
    const button = screen.getByRole("button", { name: isMuted ? "Unmute" : "Mute" });
    await userEvent.hover(button);
    act(() => button.focus());
    // Longer than any delay of a tooltip, which would open over the line above the button.
    await act(() => vi.advanceTimersByTimeAsync(2_000));
    expect(screen.queryByRole("tooltip", { hidden: true })).toBeNull();
    expect(screen.getByText(isMuted ? "Hold Space or press M to talk" : "Press M to mute")).toBeTruthy();
    cleanup();
  }
});

it("names no key for talking to a person who only listens", () => {
  microphone.status = "idle";
  show({ isMuted: true });
  expect(screen.getByText("You are listening")).toBeTruthy();
  expect(screen.queryByText(/Hold Space/)).toBeNull();
});
