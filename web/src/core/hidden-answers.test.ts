import { beforeEach, expect, it } from "vitest";
import type { ConversationDetail, FeedbackItem } from "../protocol";
import { type DialogueLine, EMPTY_DIALOGUE, withHistory } from "./dialogue";
import { HiddenAnswers } from "./hidden-answers";

const item = (id: string, hint: string | null): FeedbackItem => ({
  id,
  turnId: "t1",
  originalSentence: "he go",
  correctedSentence: "he goes",
  explanation: "He takes -s.",
  category: "agreement",
  hint,
});
const dialogue = (...feedback: FeedbackItem[]) => ({
  ...EMPTY_DIALOGUE,
  lines: [{ feedback } as DialogueLine],
});
const message = (turnId: string, corrections: FeedbackItem[] = []) => ({
  id: `m-${turnId}`,
  turnId,
  role: "learner",
  text: "he go",
  audioUrl: null,
  corrections,
});
const kept = (...messages: object[]) => ({ messages }) as unknown as ConversationDetail;
/** As after a reload. */
const reloaded = () => new HiddenAnswers(sessionStorage).hints;

beforeEach(() => sessionStorage.clear());

it("hides an answer after a reload until the person has tried again", () => {
  new HiddenAnswers(sessionStorage).follow(dialogue(item("f1", "who is it about?")));
  const before = withHistory(EMPTY_DIALOGUE, kept(message("t1", [item("f1", null)])), "p-me", reloaded());
  expect(before.lines[0]?.feedback[0]?.hint).toBe("who is it about?");
  const tried = kept(message("t1", [item("f1", null)]), message("t2"));
  const after = withHistory(EMPTY_DIALOGUE, tried, "p-me", reloaded());
  expect(after.lines[0]?.feedback[0]?.hint).toBeNull();
});

it("shows an answer that the server has shown", () => {
  const answers = new HiddenAnswers(sessionStorage);
  answers.follow(dialogue(item("f1", "who is it about?"), item("f2", "when is it?")));
  answers.follow(dialogue(item("f1", null), item("f2", "when is it?")));
  expect(reloaded()).toEqual({ f2: "when is it?" });
});

it("keeps the hints while the reloaded page has no dialogue yet, and none after the talk", () => {
  const answers = new HiddenAnswers(sessionStorage);
  answers.follow(dialogue(item("f1", "who is it about?")));
  answers.follow(EMPTY_DIALOGUE);
  expect(reloaded()).toEqual({ f1: "who is it about?" });
  answers.forget();
  expect(reloaded()).toEqual({});
});
