import { describe, expect, it } from "vitest";
import type { Accuracy } from "../../protocol";
import { pointsOf, ratesOf } from "./rates";

const accuracy = (turns: number[], right: number[]): Accuracy => ({
  weeks: turns.map((_, index) => `2026-11-0${index + 1}`),
  turns,
  categories: [{ category: "tense", right }],
});

describe("the rate of a kind of mistake", () => {
  it("is the same however much somebody talks", () => {
    const [rate] = ratesOf(accuracy([20, 200], [15, 150]));
    expect(rate?.weeks).toEqual([25, 25]);
  });

  it("compares the last week with the first one", () => {
    const [rate] = ratesOf(accuracy([20, 50], [10, 45]));
    expect([rate?.before, rate?.now]).toEqual([50, 10]);
  });

  it("says nothing about a week with few turns", () => {
    const [rate] = ratesOf(accuracy([20, 9, 30], [10, 0, 24]));
    expect(rate?.weeks).toEqual([50, null, 20]);
    expect(ratesOf(accuracy([9], [0]))).toEqual([]);
  });

  it("has nothing to compare with in the first week", () => {
    expect(ratesOf(accuracy([20], [10]))[0]?.before).toBeNull();
  });
});

describe("the curve", () => {
  it("has a point for each week that says something, in its place", () => {
    expect(pointsOf([50, null, 25, 0], 50, 300, 40)).toEqual(["0.0,0.0", "200.0,20.0", "300.0,40.0"]);
  });

  it("stands on the ground without mistakes", () => {
    expect(pointsOf([0, 0], 0, 100, 40)).toEqual(["0.0,40.0", "100.0,40.0"]);
  });
});
