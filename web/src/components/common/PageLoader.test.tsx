import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError, noAnswer, problem } from "../../core/api-error";
import { renderUi } from "../../test/render";
import { PageLoader } from "./PageLoader";

const hooks = vi.hoisted(() => ({ isOnline: true, trouble: null as unknown }));

vi.mock("../../hooks", () => ({
  useIsOnline: () => hooks.isOnline,
  useLoadTrouble: () => hooks.trouble,
}));

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(hooks, { isOnline: true, trouble: null });
});
afterEach(() => void vi.useRealTimers());

const said = () => screen.getByRole("status").textContent;

it("says nothing for a moment, and then that it takes long", async () => {
  renderUi(<PageLoader />);
  expect(said()).toBe("");
  await act(() => vi.advanceTimersByTimeAsync(10_000));
  expect(said()).toMatch(/longer than usual/);
});

it.each([
  ["the server does not answer", noAnswer("timeout"), /does not answer. Check your connection. Still trying/],
  [
    "the server is busy",
    new ApiError(problem("unavailable", 503, "x", true)),
    /busy or restarting.*Still trying/,
  ],
])("says what it waits for: %s", (_what, trouble, text) => {
  hooks.trouble = trouble;
  renderUi(<PageLoader />);
  expect(said()).toMatch(text);
});

it("says that one is offline, whatever else is wrong", () => {
  Object.assign(hooks, { isOnline: false, trouble: noAnswer("network") });
  renderUi(<PageLoader label="Joining the room" />);
  expect(said()).toMatch(/You are offline/);
  expect(said()).not.toMatch(/Still trying/);
});
