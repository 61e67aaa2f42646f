import { describe, expect, it } from "vitest";
import { seating } from "./ParticipantGrid";

const COUNTS = Array.from({ length: 12 }, (_, index) => index + 1);

describe("the seating", () => {
  it.each(COUNTS)("of %i people leaves no row empty and none much shorter than the others", (count) => {
    for (const dense of [false, true]) {
      const { columns, rows } = seating(count, dense);
      for (const size of ["wide", "narrow"] as const) {
        const lastRow = count - columns[size] * (rows[size] - 1);
        expect(lastRow).toBeGreaterThan(0);
        expect(columns[size] - lastRow).toBeLessThan(Math.max(2, rows[size]));
      }
    }
  });

  it("has at most three columns in a narrow window, where twelve people have four rows", () => {
    expect(Math.max(...COUNTS.map((count) => seating(count, false).columns.narrow))).toBe(3);
    expect(seating(12, false).rows.narrow).toBe(4);
  });
});
