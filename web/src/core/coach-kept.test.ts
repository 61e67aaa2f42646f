import { expect, it } from "vitest";
import { type KeptCoach, keepCoach, readCoach } from "./coach-kept";

const KEPT: KeptCoach = { id: "one-two", topic: "Travel in Vietnam", difficulty: "beginner", language: "vi" };

function storage(text: string | null = null) {
  let held = text;
  return {
    getItem: () => held,
    setItem: (_: string, value: string) => {
      held = value;
    },
    removeItem: () => {
      held = null;
    },
  };
}

it("a session is found again until it ends", () => {
  const tab = storage();
  keepCoach(tab, KEPT);
  expect(readCoach(tab)).toEqual(KEPT);
  keepCoach(tab, null);
  expect(readCoach(tab)).toBeNull();
});

it.each([
  "{",
  "1",
  "null",
  "{}",
  JSON.stringify({ ...KEPT, id: "a b" }),
  JSON.stringify({ ...KEPT, topic: "x" }),
])("what is no session is none: %s", (text) => expect(readCoach(storage(text))).toBeNull());
