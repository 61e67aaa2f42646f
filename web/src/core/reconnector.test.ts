import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RECONNECT_DELAYS_MS, Reconnector, reconnectDelay } from "./reconnector";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("attempts follow the schedule, and its last delay repeats", () => {
  const times: number[] = [];
  const start = Date.now();
  const reconnector = new Reconnector(
    () => {
      times.push(Date.now() - start);
      reconnector.failed();
    },
    () => 0,
  );
  reconnector.failed();
  vi.advanceTimersByTime(0 + 300 + 1200 + 2700 + 4800 + 4800);
  expect(times).toEqual([0, 300, 1500, 4200, 9000, 13800]);
  reconnector.stop();
});

test("jitter only adds, up to 30 %", () => {
  RECONNECT_DELAYS_MS.forEach((delay, attempt) => {
    expect(reconnectDelay(attempt, 0)).toBe(delay);
    expect(reconnectDelay(attempt, 0.999)).toBeLessThanOrEqual(delay * 1.3);
  });
});

test("going online tries at once and resets the schedule", () => {
  const connect = vi.fn();
  const reconnector = new Reconnector(connect, () => 0);
  for (let i = 0; i < 5; i++) reconnector.failed();
  window.dispatchEvent(new Event("online"));
  expect(connect).toHaveBeenCalledTimes(1);
  reconnector.failed();
  vi.advanceTimersByTime(0);
  expect(connect).toHaveBeenCalledTimes(2);
  reconnector.stop();
});

test("nothing happens after stop, online or not", () => {
  const connect = vi.fn();
  const reconnector = new Reconnector(connect, () => 0);
  reconnector.failed();
  reconnector.stop();
  window.dispatchEvent(new Event("online"));
  vi.advanceTimersByTime(60_000);
  expect(connect).not.toHaveBeenCalled();
});

test("keeps a longer delay requested by the server", () => {
  const connect = vi.fn();
  const reconnector = new Reconnector(connect, () => 0);
  reconnector.failed(7_000);
  vi.advanceTimersByTime(6_999);
  expect(connect).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(connect).toHaveBeenCalledTimes(1);
  reconnector.stop();
});
