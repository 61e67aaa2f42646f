import { useQuery } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError, noAnswer, problem } from "../core/api-error";
import { queryClient } from "./query-client";
import { useLoadTrouble } from "./useLoadTrouble";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  queryClient.clear();
  vi.useRealTimers();
});

let count = 0;

function load(answer: () => Promise<string>) {
  const key = [count++];
  return renderHook(() => {
    const { data, error } = useQuery({ queryKey: key, queryFn: answer }, queryClient);
    return { data, error, trouble: useLoadTrouble()?.code };
  }).result;
}

const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

it("an unreachable server is named while the page keeps trying, and the page comes back by itself", async () => {
  let isUp = false;
  const page = load(() => (isUp ? Promise.resolve("rooms") : Promise.reject(noAnswer("network"))));
  await wait(100);
  expect(page.current).toMatchObject({ trouble: "network", error: null });
  await wait(120_000);
  expect(page.current).toMatchObject({ trouble: "network", error: null });
  isUp = true;
  await wait(8_000);
  expect(page.current).toMatchObject({ data: "rooms", trouble: undefined });
});

it("waits for as long as the server asks", async () => {
  const busy = new ApiError({ ...problem("too_many_requests", 429, "busy", true), retryAfter: 20 });
  const answer = vi.fn(() => Promise.reject(busy));
  load(answer);
  await wait(19_000);
  expect(answer).toHaveBeenCalledTimes(1);
  await wait(2_000);
  expect(answer).toHaveBeenCalledTimes(2);
});

it("a refusal ends the wait", async () => {
  const page = load(() => Promise.reject(new ApiError(problem("not_found", 404, "no", false))));
  await wait(100);
  expect(page.current.error).toMatchObject({ code: "not_found" });
  expect(page.current.trouble).toBeUndefined();
});
