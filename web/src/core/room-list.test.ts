import { expect, test } from "vitest";
import { room } from "../test/builders";
import { applyChange, matches, type RoomFilter } from "./room-list";

const all: RoomFilter = { levels: [], search: "", sort: "participants" };

test("search ignores case and accents and requires every word", () => {
  const coffee = room({ name: "Cà phê sáng", topic: "Đi du lịch", tags: ["travel"] });
  expect(matches(coffee, { ...all, search: "ca PHE" })).toBe(true);
  expect(matches(coffee, { ...all, search: "du travel" })).toBe(true);
  expect(matches(coffee, { ...all, search: "phe tennis" })).toBe(false);
  expect(matches(coffee, { ...all, search: "di du lich" })).toBe(true);
});

test("levels are alternatives; private rooms are never listed", () => {
  expect(matches(room(), { ...all, levels: ["A1", "B1"] })).toBe(true);
  expect(matches(room(), { ...all, levels: ["A1"] })).toBe(false);
  expect(matches(room({ type: "private" }), all)).toBe(false);
  expect(matches(room(), { ...all, language: "vi" })).toBe(false);
});

test("updates counts in place and sorts again", () => {
  const quiet = room({ id: "a", participantCount: 1 });
  const busy = room({ id: "b", participantCount: 5 });
  const change = { name: "room_updated", room: { ...quiet, participantCount: 9 } } as const;
  expect(applyChange([busy, quiet], change, all).map(({ id }) => id)).toEqual(["a", "b"]);
});

test("adds rooms that match now and removes those that no longer match", () => {
  const query = { ...all, levels: ["B1" as const] };
  expect(applyChange([], { name: "room_added", room: room() }, query)).toHaveLength(1);
  expect(applyChange([], { name: "room_added", room: room({ level: "C1" }) }, query)).toEqual([]);
  expect(applyChange([room()], { name: "room_updated", room: room({ level: "C1" }) }, query)).toEqual([]);
  expect(applyChange([room()], { name: "room_removed", roomId: "r1" }, query)).toEqual([]);
});
