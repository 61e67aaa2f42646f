import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { EndReason } from "../../hooks";
import type { Problem } from "../../protocol";
import { renderUi } from "../../test/render";
import { EndView } from "./EndView";

const mocked = vi.hoisted(() => ({ unread: undefined as number | undefined }));
vi.mock("../../hooks", async (original) => ({
  ...(await original<object>()),
  useStanding: () => (mocked.unread !== undefined ? { warnings: Array(mocked.unread).fill({}) } : undefined),
}));

function show(reason: EndReason, problem: Problem | null = null) {
  const onAgain = vi.fn();
  renderUi(<EndView end={{ reason, problem }} onAgain={onAgain} />);
  return onAgain;
}

describe("EndView", () => {
  it("explains a full room and retries on request", async () => {
    const onAgain = show("room_full");
    expect(screen.getByRole("heading", { name: "This room is full" })).toBe(document.activeElement);
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(onAgain).toHaveBeenCalledOnce();
  });

  it.each([
    "signed_out",
    "removed_by_host",
    "removed_from_room",
    "room_closed",
    "invite_invalid",
    "room_not_found",
  ] as const)("offers no second try after %s, but another room", (reason) => {
    show(reason);
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.getByRole("link", { name: "Find another room" }).getAttribute("href")).toBe("/rooms");
  });

  it("goes on by itself once the last warning is read", () => {
    const onAgain = vi.fn();
    const view = () => <EndView end={{ reason: "warning_not_read", problem: null }} onAgain={onAgain} />;
    mocked.unread = undefined;
    const { rerender } = renderUi(view());
    for (const unread of [2, 1]) {
      mocked.unread = unread;
      rerender(view());
    }
    expect(onAgain).not.toHaveBeenCalled();
    mocked.unread = 0;
    rerender(view());
    expect(onAgain).toHaveBeenCalledOnce();
  });

  it("offers to join a room again that another server has taken over", async () => {
    const onAgain = show("room_moved");
    await userEvent.click(screen.getByRole("button", { name: "Join again" }));
    expect(onAgain).toHaveBeenCalledOnce();
  });

  it("offers the conversation and the history after practice, not other rooms", () => {
    renderUi(<EndView end={{ reason: "left", problem: null }} practice onAgain={vi.fn()} />);
    expect(screen.getByRole("heading", { name: "You left the conversation" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Continue the conversation" })).toBeTruthy();
    const links = screen.getAllByRole("link").map((link) => link.getAttribute("href"));
    expect(links).toEqual(["/practice/history"]);
  });

  it("explains an error by its code", () => {
    show("error", { code: "unavailable", detail: "x" } as Problem);
    expect(screen.getByText("The server is busy or restarting. Try again in a moment.")).toBeTruthy();
  });
});
