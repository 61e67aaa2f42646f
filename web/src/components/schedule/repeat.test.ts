import { describe, expect, it } from "vitest";
import { latestEnd, ONCE, ruleOf, weekdayOf } from "./repeat";

describe("ruleOf", () => {
  it("has no rule for an event that takes place once", () => {
    expect(ruleOf(ONCE)).toBeNull();
  });

  it("ends after a number of times, or on a day", () => {
    expect(ruleOf({ ...ONCE, every: "daily" })).toEqual({ frequency: "daily", count: 10 });
    expect(ruleOf({ ...ONCE, every: "monthly", ends: "on", until: "2027-06-30" })).toEqual({
      frequency: "monthly",
      until: "2027-06-30",
    });
  });

  it("has the weekdays of a weekly event, and of no other", () => {
    const days = ["TU", "TH"] as const;
    expect(ruleOf({ ...ONCE, every: "weekly", days })).toEqual({ frequency: "weekly", days, count: 10 });
    expect(ruleOf({ ...ONCE, every: "weekly" })).toEqual({ frequency: "weekly", count: 10 });
    expect(ruleOf({ ...ONCE, every: "daily", days })).toEqual({ frequency: "daily", count: 10 });
  });
});

it("knows the weekday of a local time in every zone of the browser", () => {
  expect(weekdayOf("2027-03-09T00:30")).toBe("TU");
  expect(weekdayOf("2027-03-14T23:30")).toBe("SU");
  expect(weekdayOf("")).toBeNull();
});

it("lets a series last for a year", () => {
  expect(latestEnd("2027-03-09T19:00")).toBe("2028-03-09");
  expect(latestEnd("")).toBeUndefined();
});
