import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Api, queryString, REQUEST_TIMEOUT_MS } from "./api";

test("lists repeat their name, and empty values are left out", () => {
  expect(queryString({ level: ["B1", "B2"], search: "", cursor: null, sort: "newest", limit: 5 })).toBe(
    "?level=B1&level=B2&sort=newest&limit=5",
  );
  expect(queryString({})).toBe("");
  expect(queryString({ search: "cà phê & trà" })).toBe("?search=c%C3%A0+ph%C3%AA+%26+tr%C3%A0");
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server that never answers. */
function silentApi(): Api {
  const fetch = (_url: unknown, init?: RequestInit) =>
    new Promise<Response>((_resolve, reject) => {
      const abort = () => reject(new DOMException("aborted", "AbortError"));
      if (init?.signal?.aborted) abort();
      init?.signal?.addEventListener("abort", abort);
    });
  return new Api({ fetch: fetch as typeof window.fetch, token: async () => null, replace: async () => null });
}

test("a request without an answer times out, also where AbortSignal.any is missing", async () => {
  vi.stubGlobal("AbortSignal", {});
  const outcome = expect(
    silentApi().get("/rooms", { signal: new AbortController().signal }),
  ).rejects.toMatchObject({ code: "timeout" });
  await vi.advanceTimersByTimeAsync(REQUEST_TIMEOUT_MS);
  await outcome;
});

test.each([["before"], ["after"]])(
  "a request that is cancelled %s it was sent is no failure",
  async (when) => {
    const controller = new AbortController();
    if (when === "before") controller.abort();
    const outcome = expect(silentApi().get("/rooms", { signal: controller.signal })).rejects.toMatchObject({
      name: "AbortError",
    });
    controller.abort();
    await outcome;
  },
);
