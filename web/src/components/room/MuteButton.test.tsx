import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { CallHook } from "../../hooks";
import { renderUi } from "../../test/render";
import { MuteButton } from "./MuteButton";

const state = vi.hoisted(() => ({ status: "ready", shortcutsEnabled: true, start: vi.fn() }));

vi.mock("../../hooks", () => ({
  useMicrophone: () => ({ status: state.status, start: state.start }),
  useMicLevel: () => {},
  useSettings: () => ({ shortcutsEnabled: state.shortcutsEnabled }),
}));

const toggleMute = vi.fn();
const call = (isMuted: boolean) => ({ isMuted, toggleMute }) as unknown as CallHook;

beforeEach(() => {
  Object.assign(state, { status: "ready", shortcutsEnabled: true });
  toggleMute.mockReset();
  state.start.mockReset();
});

describe("MuteButton", () => {
  it("is named after what pressing it does", () => {
    const view = renderUi(<MuteButton call={call(true)} />);
    expect(screen.getByRole("button", { name: "Unmute" })).toBeTruthy();
    view.rerender(<MuteButton call={call(false)} />);
    expect(screen.getByRole("button", { name: "Mute" })).toBeTruthy();
  });

  it("shows its shortcut only while shortcuts are on", () => {
    const view = renderUi(<MuteButton call={call(true)} />);
    expect(screen.getByRole("button").getAttribute("aria-keyshortcuts")).toBe("M");
    state.shortcutsEnabled = false;
    view.rerender(<MuteButton call={call(true)} />);
    expect(screen.getByRole("button").hasAttribute("aria-keyshortcuts")).toBe(false);
  });

  it("adds a microphone for a listener without unmuting", async () => {
    state.status = "idle";
    renderUi(<MuteButton call={call(true)} />);
    await userEvent.click(screen.getByRole("button", { name: "Add microphone" }));
    expect(state.start).toHaveBeenCalledOnce();
    expect(toggleMute).not.toHaveBeenCalled();
  });
});
