import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createMemoryRouter, Outlet, RouterProvider } from "react-router";
import { beforeEach, expect, it, vi } from "vitest";
import { room } from "../../test/builders";
import { Providers } from "../../test/render";
import { LeaveGuard } from "./LeaveGuard";

const call = vi.hoisted(() => ({
  phase: "idle",
  room: null as object | null,
  isMuted: true,
  leave: vi.fn(),
}));

const socket = vi.hoisted(() => ({ talk: null as { isMuted: boolean; leave(): void } | null }));

vi.mock("../../hooks", () => ({ useCall: () => call, useSocketTalk: () => socket.talk }));

function show(entries = ["/rooms", "/rooms/r1"]) {
  const layout = (
    <>
      <LeaveGuard />
      <Outlet />
    </>
  );
  const router = createMemoryRouter([{ element: layout, children: [{ path: "*", element: null }] }], {
    initialEntries: entries,
    initialIndex: entries.length - 1,
  });
  render(<RouterProvider router={router} />, { wrapper: Providers });
  return { router };
}

const path = (router: ReturnType<typeof createMemoryRouter>) => router.state.location.pathname;

function asksToUnload(): boolean {
  const event = new Event("beforeunload", { cancelable: true });
  window.dispatchEvent(event);
  return event.defaultPrevented;
}

beforeEach(() => {
  socket.talk = null;
  Object.assign(call, { phase: "joined", room: room(), isMuted: true });
  call.leave.mockReset();
  window.history.replaceState(null, "");
});

it("keeps the call at Back until the person confirms", async () => {
  const { router } = show();
  await act(() => router.navigate(-1));
  expect(await screen.findByText("Leave the room?")).toBeTruthy();
  expect(path(router)).toBe("/rooms/r1");
  await userEvent.click(screen.getByRole("button", { name: "Stay" }));
  expect(path(router)).toBe("/rooms/r1");
  await waitFor(() => expect(screen.queryByText("Leave the room?")).toBeNull());

  await act(() => router.navigate(-1));
  await userEvent.click(await screen.findByRole("button", { name: "Leave" }));
  await waitFor(() => expect(path(router)).toBe("/rooms"));
});

it("gives a room that was opened by its link an entry of its own, so that Back asks there too", async () => {
  window.history.replaceState({ idx: 0 }, "");
  const { router } = show(["/rooms/r1?invite=x"]);
  await waitFor(() => expect(router.state.historyAction).toBe("PUSH"));
  window.history.replaceState({ idx: 1 }, "");
  await act(() => router.navigate(-1));
  await userEvent.click(await screen.findByRole("button", { name: "Leave" }));
  expect(call.leave).toHaveBeenCalledOnce();
  expect(router.state.location.search).toBe("?invite=x");
});

it("asks about the conversation when practising alone", async () => {
  call.room = room({ type: "ai" });
  const { router } = show();
  await act(() => router.navigate("/practice/history"));
  expect(await screen.findByText("Leave the conversation?")).toBeTruthy();
});

it.each(["idle", "joining", "ended"])("asks nothing while the call is %s", async (phase) => {
  call.phase = phase;
  const { router } = show();
  await act(() => router.navigate(-1));
  expect(path(router)).toBe("/rooms");
});

it("asks nothing on the page of the same room", async () => {
  const { router } = show();
  await act(() => router.navigate("/rooms/r1?invite=x"));
  expect(router.state.location.search).toBe("?invite=x");
});

it.each([
  ["joined", false, true],
  ["joined", true, false],
  ["ended", false, false],
] as const)("lets the browser ask before unloading: %s, muted %s: %s", (phase, isMuted, asks) => {
  Object.assign(call, { phase, isMuted });
  show();
  expect(asksToUnload()).toBe(asks);
});

it("asks about a talk over a WebSocket, which is no call, and closes it", async () => {
  call.phase = "idle";
  const leave = vi.fn();
  socket.talk = { isMuted: false, leave };
  const { router } = show(["/practice", "/talk"]);
  expect(asksToUnload()).toBe(true);
  await act(() => router.navigate(-1));
  expect(await screen.findByText("Leave the conversation?")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Leave" }));
  expect(leave).toHaveBeenCalledOnce();
  await waitFor(() => expect(path(router)).toBe("/practice"));
});
