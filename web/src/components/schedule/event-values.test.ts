import { expect, it } from "vitest";
import type { EventView, OccurrenceView } from "../../protocol";
import { changeOf, type EventValues, valuesOf } from "./event-values";

const OCCURRENCE = {
  name: "Tea club",
  topic: "Green tea",
  startsAt: "2027-03-10T00:00:00Z",
  endsAt: "2027-03-10T01:30:00Z",
  localStart: "2027-03-09T19:00",
} as OccurrenceView;
const EVENT = {
  name: "Tea",
  topic: "",
  level: "B1",
  language: "en",
  tags: ["tea"],
  maxParticipants: 8,
  waitingRoom: false,
  opensWithoutHost: true,
  durationMinutes: 60,
} as EventView;

const change = (after: Partial<EventValues>, scope: "this" | "following" | "all") => {
  const before = valuesOf(EVENT, OCCURRENCE);
  return changeOf(before, { ...before, ...after }, scope);
};

it("begins with what this one time has of its own", () => {
  const { name, topic, durationMinutes } = valuesOf(EVENT, OCCURRENCE);
  expect([name, topic, durationMinutes]).toEqual(["Tea club", "Green tea", 90]);
});

it("sends only what was changed", () => {
  expect(change({}, "all")).toEqual({});
  expect(change({ name: " Tea club " }, "all")).toEqual({});
  expect(change({ topic: "Black tea", tags: ["tea", "milk"], level: "B2" }, "all")).toEqual({
    topic: "Black tea",
    tags: ["tea", "milk"],
    level: "B2",
  });
  expect(change({ localStart: "2027-03-09T20:00", durationMinutes: 45 }, "following")).toEqual({
    localStart: "2027-03-09T20:00",
    durationMinutes: 45,
  });
});

it("leaves out what one time alone cannot have, although it was changed before the scope was", () => {
  expect(change({ name: "Cake", level: "C1", waitingRoom: true }, "this")).toEqual({ name: "Cake" });
});
