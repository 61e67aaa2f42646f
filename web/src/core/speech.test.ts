import { expect, it } from "vitest";
import { isSameSentence } from "./speech";

it.each([
  ["i went home", "I went home.", true],
  ["ice cream", "Icecream", true],
  ["tôi đi chợ", "Tôi đi chợ!", true],
  ["tôi di cho", "Tôi đi chợ!", false],
  ["I go home", "I went home.", false],
  ["", "…", false],
])("%j against %j: %j", (heard, expected, isSame) => {
  expect(isSameSentence(heard, expected)).toBe(isSame);
});
