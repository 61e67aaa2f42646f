import { expect, test } from "vitest";
import { detectVoice, SILENT, type VoiceActivity } from "./voice-activity";

function hear(state: VoiceActivity, level: number, ms: number): VoiceActivity {
  let next = state;
  for (let elapsed = 0; elapsed < ms; elapsed += 100)
    next = detectVoice(next, level, (next.at || 1_000) + 100);
  return next;
}

test("detects speech and ignores a cough", () => {
  expect(hear(SILENT, -20, 300).isTalking).toBe(false);
  expect(hear(hear(SILENT, -20, 200), -90, 2_000).isTalking).toBe(false);
  expect(hear(SILENT, -20, 800).isTalking).toBe(true);
});

test("pauses do not end speech, silence does", () => {
  const talking = hear(SILENT, -20, 1_000);
  expect(hear(talking, -90, 1_500).isTalking).toBe(true);
  expect(hear(talking, -90, 3_000).isTalking).toBe(false);
});
