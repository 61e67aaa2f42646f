import { expect, test } from "vitest";
import { detectTalk, QUIET, type TalkState } from "./talk-detector";

function hear(state: TalkState, level: number, ms: number): TalkState {
  let next = state;
  for (let elapsed = 0; elapsed < ms; elapsed += 100)
    next = detectTalk(next, level, (next.at || 1_000) + 100);
  return next;
}

test("speech is noticed, a cough is not", () => {
  expect(hear(QUIET, -20, 300).isTalking).toBe(false);
  expect(hear(hear(QUIET, -20, 200), -90, 2_000).isTalking).toBe(false);
  expect(hear(QUIET, -20, 800).isTalking).toBe(true);
});

test("the pauses of speech do not end it, silence does", () => {
  const talking = hear(QUIET, -20, 1_000);
  expect(hear(talking, -90, 1_500).isTalking).toBe(true);
  expect(hear(talking, -90, 3_000).isTalking).toBe(false);
});
