import { cleanup, screen } from "@testing-library/react";
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
