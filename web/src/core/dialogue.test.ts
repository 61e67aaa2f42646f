import { describe, expect, it } from "vitest";
import type { ConversationDetail, ServerEvent } from "../protocol";
import { EMPTY_DIALOGUE, linesOf, reduceDialogue, TUTOR, withHistory } from "./dialogue";

let seq = 0;

function transcript(text: string, isFinal: boolean, turnId = "t1"): ServerEvent {
  return { name: "transcript", seq: ++seq, participantId: "p-me", turnId, text, isFinal, confidence: null };
}

function answer(text: string, isFinal = false, spoken: string | null = null, turnId = "t1"): ServerEvent {
  const messageId = isFinal ? `m-${turnId}` : null;
  return { name: "tutor_text", seq: ++seq, turnId, text, isFinal, spoken, messageId } as ServerEvent;
}

function feedback(id: string, turnId = "t1", hint: string | null = null): ServerEvent {
  return {
    name: "feedback",
    seq: ++seq,
    id,
    turnId,
    originalSentence: "he go",
    correctedSentence: "he goes",
    explanation: "He takes -s.",
    category: "agreement",
    hint,
  };
}

function logOf(...events: ServerEvent[]) {
  return events.reduce(reduceDialogue, EMPTY_DIALOGUE);
}

describe("the conversation with the tutor", () => {
  it("shows partial transcripts and replaces them", () => {
    const log = logOf(transcript("i go", false), transcript("I go home.", true));
    expect(log.lines).toMatchObject([{ speaker: "p-me", text: "I go home.", isOpen: false }]);
  });

  it("replaces words that were final by late or mended ones, and their void corrections", () => {
    const heard = { ...transcript("he go. Yes he go home", true), confidence: "middle" } as ServerEvent;
    const log = logOf(heard, feedback("f1"), transcript("he go home", true));
    expect(log.lines).toMatchObject([{ text: "he go home", confidence: null, feedback: [{ id: "f1" }] }]);
    expect(reduceDialogue(log, transcript("we go home", true)).lines).toMatchObject([
      { text: "we go home", feedback: [] },
    ]);
  });

  it("shows a new answer to a turn in place of the one before", () => {
    const log = logOf(answer("Mice? "), answer("", true, "Mice?"), answer("Rice, "), answer("good."));
    expect(log.lines).toMatchObject([{ text: "Rice, good.", isOpen: true, spoken: null }]);
  });

  it("drops a turn without recognized words", () => {
    expect(logOf(transcript("mm", false), transcript("", true)).lines).toEqual([]);
  });

  it("joins the parts of an answer", () => {
    const log = logOf(transcript("Hi", true), answer("Hello! "), answer("How are you?"), answer("", true));
    expect(log.lines[1]).toMatchObject({
      speaker: TUTOR,
      text: "Hello! How are you?",
      isOpen: false,
      spoken: null,
      messageId: "m-t1",
    });
  });

  it("keeps the spoken part of an interrupted answer", () => {
    const log = logOf(answer("Hello! How are you?"), answer("", true, "Hello!"));
    expect(log.lines[0]?.spoken).toBe("Hello!");
  });

  it("has the whole answer on a page opened during or after it", () => {
    for (const seen of [[answer("you? "), answer("Well?")], []]) {
      const log = logOf(...seen, answer("", true, "Hello! How are you? Well?"));
      expect(log.lines).toMatchObject([{ text: "Hello! How are you? Well?", spoken: null, isOpen: false }]);
    }
  });

  it("drops an answer without words", () => {
    expect(logOf(answer(""), answer("", true, "")).lines).toEqual([]);
  });

  it("adds a correction to the learner's line once", () => {
    const log = logOf(transcript("he go", true), answer("Yes. "), feedback("f1"), feedback("f1"));
    expect(log.lines.map((line) => line.feedback.length)).toEqual([1, 0]);
  });

  it("opens a hidden correction that comes again without its hint", () => {
    const hidden = logOf(transcript("he go", true), feedback("f1", "t1", "who is it about?"));
    expect(hidden.lines[0]?.feedback).toMatchObject([{ id: "f1", hint: "who is it about?" }]);
    const open = reduceDialogue(hidden, feedback("f1"));
    expect(open.lines[0]?.feedback).toMatchObject([{ id: "f1", hint: null }]);
  });

  it("keeps the praise until there is a correction", () => {
    const none: ServerEvent = {
      name: "feedback_none",
      seq: 7,
      turnId: "t1",
      text: "All right.",
      reason: "right",
    };
    const log = logOf(transcript("he goes", true), none);
    expect(log.praise).toEqual({ key: 7, text: "All right.", reason: "right" });
    expect(reduceDialogue(log, feedback("f1")).praise).toBeNull();
  });

  it("marks saved lines as interrupted", () => {
    const kept = {
      messages: [
        {
          id: "m1",
          turnId: "t1",
          role: "tutor",
          text: "Hello!",
          wasCut: true,
          audioUrl: null,
          corrections: [],
        },
        {
          id: "m2",
          turnId: "t2",
          role: "tutor",
          text: "Yes.",
          wasCut: false,
          audioUrl: null,
          corrections: [],
        },
      ],
    } as unknown as ConversationDetail;
    expect(linesOf(kept, "p-me").map((line) => line.spoken)).toEqual(["Hello!", null]);
  });

  it("puts the history before newer lines, each turn once", () => {
    const log = logOf(transcript("old", true, "t1"), transcript("new", true, "t2"));
    const kept = {
      messages: [
        { id: "m1", turnId: "t1", role: "learner", text: "Old.", audioUrl: "/a", corrections: [] },
        { id: "m2", turnId: "t1", role: "tutor", text: "Yes.", audioUrl: null, corrections: [] },
      ],
    } as unknown as ConversationDetail;
    expect(withHistory(log, kept, "p-me").lines.map((line) => [line.speaker, line.text])).toEqual([
      ["p-me", "Old."],
      [TUTOR, "Yes."],
      ["p-me", "new"],
    ]);
  });
});
