import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { myself } from "../../dev/people";
import type { CallHook } from "../../hooks";
import { renderUi } from "../../test/render";
import { ControlBar } from "./ControlBar";

vi.mock("../../hooks", () => ({
  useMicrophone: () => ({ status: "ready" }),
  useMicLevel: () => {},
  useSettings: () => ({ shortcutsEnabled: true }),
}));

function show(call: Partial<CallHook>) {
  renderUi(
    <ControlBar
      call={{ isMuted: true, ...call } as CallHook}
      me={myself()}
      isHeld={false}
      onSettings={() => {}}
    />,
  );
  return screen.getByRole("status").textContent;
}

it("names the host's mute as the reason, also to someone who goes on talking", () => {
  expect(show({ mutedByHost: true, isTalkingWhileMuted: true })).toMatch(/^The host muted you/);
});

it("tells someone who muted themselves that nobody hears them", () => {
  expect(show({ isTalkingWhileMuted: true })).toMatch(/^You are muted/);
});
