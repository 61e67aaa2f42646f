import { expect, test } from "vitest";
import { listedRoom as room } from "../test/builders";
import { applyChange, matches, type RoomFilter } from "./room-list";

const all: RoomFilter = { levels: [], search: "", sort: "participants" };

function added(changes: Parameters<typeof room>[0] = {}, searchText = "") {
  return { name: "room_added", room: room(changes), searchText } as const;
}

test("the server's folded text and words decide a search, not the page's own reading of them", () => {
  const lodz = added({ name: "Łódź café" }, "lodz cafe");
  expect(matches(lodz, { ...all, search: "lodz" }, ["lodz"])).toBe(true);
  expect(matches(lodz, { ...all, search: "ŁÓDŹ CAFÉ" }, ["lodz", "cafe"])).toBe(true);
  expect(matches(lodz, { ...all, search: "lodz tennis" }, ["lodz", "tennis"])).toBe(false);
});

test("levels are alternatives; private rooms are never listed", () => {
  expect(matches(added(), { ...all, levels: ["A1", "B1"] }, [])).toBe(true);
  expect(matches(added(), { ...all, levels: ["A1"] }, [])).toBe(false);
  expect(matches(added({ type: "private" }), all, [])).toBe(false);
  expect(matches(added(), { ...all, language: "vi" }, [])).toBe(false);
});

test("updates counts in place and sorts again", () => {
  const quiet = room({ id: "a", participantCount: 1 });
  const busy = room({ id: "b", participantCount: 5 });
  const change = { name: "room_updated", room: { ...quiet, participantCount: 9 }, searchText: "" } as const;
  expect(applyChange([busy, quiet], change, all, []).map(({ id }) => id)).toEqual(["a", "b"]);
});

test("adds rooms that match now and removes those that no longer match", () => {
  const query = { ...all, levels: ["B1" as const] };
  const moved = { name: "room_updated", room: room({ level: "C1" }), searchText: "" } as const;
  expect(applyChange([], added(), query, [])).toHaveLength(1);
  expect(applyChange([], added({ level: "C1" }), query, [])).toEqual([]);
  expect(applyChange([room()], moved, query, [])).toEqual([]);
  expect(applyChange([room()], { name: "room_removed", roomId: "r1" }, query, [])).toEqual([]);
});

test("a found room stays in the list when it changes", () => {
  const change = {
    name: "room_updated",
    room: room({ name: "Łódź café" }),
    searchText: "lodz cafe",
  } as const;
  expect(applyChange([room()], change, { ...all, search: "lodz" }, ["lodz"])).toHaveLength(1);
});
