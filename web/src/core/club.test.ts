import { describe, expect, it } from "vitest";
import { clockText, NO_CLUB, nextTopic, shownClub, shownTopic } from "./club";

const TOPICS = ["Food", "Travel"];
const TURNS = { order: "round", seconds: 60, number: 3, participantId: "p-ana", leftS: 42.5 } as const;

describe("shownClub", () => {
  it("has the end of the turn by this device's clock", () => {
    const club = shownClub({ topics: TOPICS, topicIndex: 1, turns: TURNS }, 10_000);
    expect(club.turns?.endsAt).toBe(52_500);
    expect(shownTopic(club)).toBe("Travel");
  });

  it("is empty for a server that knows no clubs", () => {
    expect(shownClub(undefined, 0)).toBe(NO_CLUB);
    expect(shownTopic(NO_CLUB)).toBeNull();
  });
});

it("the next topic is the first at the beginning, and none after the last", () => {
  const at = (topicIndex: number | null) => nextTopic({ topics: TOPICS, topicIndex, turns: null });
  expect([at(null), at(0), at(1), nextTopic(NO_CLUB)]).toEqual([0, 1, null, null]);
});

it("the clock shows whole seconds, and 0:00 at the end alone", () => {
  expect([90, 60, 59.2, 0.1, 0, -0.5, -75].map(clockText)).toEqual([
    "1:30",
    "1:00",
    "1:00",
    "0:01",
    "0:00",
    "0:01",
    "1:15",
  ]);
});
