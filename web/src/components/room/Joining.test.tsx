import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CallHook } from "../../hooks";
import { renderUi } from "../../test/render";
import { Joining } from "./Joining";

const route = vi.hoisted(() => ({ isDetour: false }));

vi.mock("../../hooks", () => ({
  useIsDetour: () => route.isDetour,
  useIsOnline: () => true,
  useLoadTrouble: () => null,
}));

const call = { retry: vi.fn(), leave: vi.fn(async () => {}) };

beforeEach(() => {
  vi.useFakeTimers();
  route.isDetour = false;
});
afterEach(() => void vi.useRealTimers());

const show = () => renderUi(<Joining call={call as unknown as CallHook} />);

it("says that the network swallows WebSockets", () => {
  route.isDetour = true;
  show();
  expect(screen.getByRole("status").textContent).toMatch(/does not answer live connections/);
});

it("after a while says that the server does not answer, and offers to try now or to go", async () => {
  show();
  expect(screen.queryByRole("button")).toBeNull();
  await act(() => vi.advanceTimersByTimeAsync(5_000));
  expect(screen.getByRole("status").textContent).toMatch(/the server does not answer yet/);
  fireEvent.click(screen.getByRole("button", { name: "Try now" }));
  expect(call.retry).toHaveBeenCalledOnce();
  fireEvent.click(screen.getByRole("link", { name: "All rooms" }));
  expect(call.leave).toHaveBeenCalledOnce();
});
