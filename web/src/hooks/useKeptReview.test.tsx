import { act, renderHook, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { useKeptReview } from "./useKeptReview";

const load = vi.fn<() => Promise<{ exercises: string[] }>>();
const idOf = (id: string) => id;
const open = () => renderHook(() => useKeptReview("mistakes", load, idOf));

beforeEach(() => {
  sessionStorage.clear();
  load.mockReset().mockResolvedValue({ exercises: ["m1", "m2", "m3"] });
});

it("comes back after a reload to what is left, and counts on", async () => {
  const page = open();
  expect(page.result.current.isComingBack).toBe(false);
  await act(() => page.result.current.start());
  act(() => page.result.current.progressed(1, 1));
  page.unmount();
  load.mockResolvedValue({ exercises: ["m2", "m3", "m4"] });
  const { result } = open();
  expect(result.current).toMatchObject({ isComingBack: true, exercises: null });
  await waitFor(() => expect(result.current.exercises).toEqual(["m2", "m3"]));
  expect(result.current).toMatchObject({ isComingBack: false, done: 1, right: 1 });
});

it("leaves out what was tried before the reload", async () => {
  const page = open();
  await act(() => page.result.current.start());
  page.unmount();
  load.mockResolvedValue({ exercises: ["m2", "m3"] });
  const { result } = open();
  await waitFor(() => expect(result.current.exercises).toEqual(["m2", "m3"]));
  expect(result.current.done).toBe(0);
});

it.each([
  ["the review has ended", () => load.mockResolvedValue({ exercises: ["m1"] }), 3],
  ["nothing of it is due", () => load.mockResolvedValue({ exercises: [] }), 1],
  ["it cannot be loaded", () => load.mockRejectedValue(new Error("network")), 1],
])("opens the list once %s", async (_, given, done) => {
  const page = open();
  await act(() => page.result.current.start());
  act(() => page.result.current.progressed(done, 1));
  page.unmount();
  given();
  const { result } = open();
  await waitFor(() => expect(result.current.isComingBack).toBe(false));
  expect(result.current.exercises).toBeNull();
  expect(sessionStorage.length).toBe(0);
});

it("does not trust what the storage holds", () => {
  sessionStorage.setItem("parlor.review.mistakes", '{"ids": [1], "done": 0, "right": 0}');
  expect(open().result.current.isComingBack).toBe(false);
});
