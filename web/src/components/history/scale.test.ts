import { expect, it } from "vitest";
import { scaleTop } from "./scale";

it.each([
  [0, 2],
  [0.4, 2],
  [3, 4],
  [6, 6],
  [7.2, 10],
  [18, 20],
  [61, 100],
])("a scale for values up to %d ends at %d", (largest, top) => {
  expect(scaleTop(largest)).toBe(top);
});
