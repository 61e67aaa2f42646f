import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useIsAfter } from "./useIsAfter";

const DAY_MS = 86_400_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("becomes true at the time, also if that is farther away than a timer can wait", () => {
  const at = Date.now() + 60 * DAY_MS;
  const { result } = renderHook(() => useIsAfter(at));
  expect(result.current).toBe(false);
  act(() => void vi.advanceTimersByTime(60 * DAY_MS - 1));
  expect(result.current).toBe(false);
  act(() => void vi.advanceTimersByTime(1));
  expect(result.current).toBe(true);
});

it("is true at once for a time that is over, and follows a time that is moved", () => {
  const { result, rerender } = renderHook(({ at }) => useIsAfter(at), { initialProps: { at: Date.now() } });
  expect(result.current).toBe(true);
  rerender({ at: Date.now() + DAY_MS });
  expect(result.current).toBe(false);
});
