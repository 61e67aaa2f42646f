import { describe, expect, it } from "vitest";
import { type ClassEvent, type ClassMessage, isToReconnect, NO_CLASS, reduceClass } from "./class-state";

const message = (message: ClassMessage): ClassEvent => ({ kind: "message", message });
const note = (type: "speech_started" | "utterance_end" | "tts_interrupted") =>
  message({ type, message: "for people" });
const NOWHERE = {
  module_index: null,
  sub_topic_index: null,
  sentence: null,
  sentences: null,
  question: null,
  questions: null,
};
const asked = (question: number) =>
  message({
    type: "agent_response",
    text: `Question ${question}?`,
    metadata: { ...NOWHERE, kind: "question", module_index: 0, sub_topic_index: 0, question, questions: 2 },
  });
const lesson = (sentence: number) =>
  message({
    type: "agent_response",
    text: `Sentence ${sentence}.`,
    metadata: { ...NOWHERE, kind: "lesson", module_index: 0, sub_topic_index: 0, sentence, sentences: 3 },
  });
const answer = (text: string) =>
  message({
    type: "agent_response",
    text,
    metadata: { ...NOWHERE, kind: "answer" },
  });
const question = (text: string) =>
  message({ type: "final_transcript", text, is_final: true, language: "en" });
const complete = message({ type: "audio_generation_complete", total_chunks: 3, cancelable: true });
const sound = (sentence: number | null): ClassEvent => ({ kind: "sound", sentence });
const error = (text: string) => message({ type: "error", error: text });

const stateAfter = (...events: ClassEvent[]) => events.reduce(reduceClass, NO_CLASS);
const START: ClassEvent = { kind: "start", sentence: 0 };
const TEACHING = [START, lesson(0), sound(0)];

describe("the sentence that is marked", () => {
  it("is the first at once, while nothing sounds", () => {
    expect(stateAfter(START, lesson(0))).toMatchObject({ phase: "teaching", sentence: 0 });
  });

  it("changes when its sound begins, not when its text arrives", () => {
    expect(stateAfter(...TEACHING, lesson(1))).toMatchObject({ sentence: 0, sending: 1 });
    expect(stateAfter(...TEACHING, lesson(1), sound(1)).sentence).toBe(1);
  });

  it("stays during an answer", () => {
    const asked = stateAfter(...TEACHING, note("tts_interrupted"), question("Why?"), sound(null));
    expect(asked).toMatchObject({ sentence: 0, sending: null, sound: "answer" });
  });
});

describe("a question", () => {
  it("is shown word by word, then as a whole, then with its answer", () => {
    const partial = message({ type: "partial_transcript", text: "what is", is_final: false });
    const heard = stateAfter(...TEACHING, note("speech_started"), partial);
    expect(heard).toMatchObject({ isHeard: true, partial: "what is" });
    const asked = [heard, note("utterance_end"), question("What is fruit?")] as const;
    const waiting = reduceClass(reduceClass(asked[0], asked[1]), asked[2]);
    expect(waiting).toMatchObject({ isHeard: false, partial: "" });
    expect(waiting.talk).toEqual([{ id: 1, asked: null, said: "What is fruit?", answer: null }]);
    const answered = [answer("Apples"), answer("and pears.")].reduce(reduceClass, waiting);
    expect(answered.talk).toEqual([
      { id: 1, asked: null, said: "What is fruit?", answer: "Apples and pears." },
    ]);
  });

  it("of the class is shown with what the learner says to it, and the class is not finished", () => {
    const state = stateAfter(
      ...TEACHING,
      asked(0),
      sound(null),
      question("Fruit."),
      answer("Very good!"),
      asked(1),
    );
    expect(state).toMatchObject({ phase: "teaching", question: 1, sentence: 0 });
    expect(state.talk).toEqual([
      { id: 1, asked: "Question 0?", said: "Fruit.", answer: "Very good!" },
      { id: 2, asked: "Question 1?", said: null, answer: null },
    ]);
    expect(stateAfter(...TEACHING, asked(1), complete).phase).toBe("finished");
    expect(stateAfter(...TEACHING, asked(1), START).question).toBeNull();
  });

  it("of the last hundred is kept", () => {
    const many = stateAfter(...Array.from({ length: 130 }, (_, i) => question(`Question ${i}`)));
    expect(many.talk).toHaveLength(100);
    expect(new Set(many.talk.map(({ id }) => id)).size).toBe(100);
  });
});

describe("the end of the sound", () => {
  it("of the lesson finishes the class, of a later answer changes nothing", () => {
    const finished = stateAfter(...TEACHING, complete);
    expect(finished.phase).toBe("finished");
    expect(reduceClass(reduceClass(finished, answer("Yes.")), complete).phase).toBe("finished");
  });
});

describe("a connection that closes", () => {
  it("during the class is opened again, and says so until the lesson goes on", () => {
    const lost = stateAfter(...TEACHING, { kind: "closed", code: 1006 });
    expect(isToReconnect(lost)).toBe(true);
    expect(lost).toMatchObject({ phase: "connecting", sentence: 0, sound: null, trouble: { kind: "lost" } });
    expect(reduceClass(lost, lesson(0)).trouble).toBeNull();
  });

  it("because the server is busy is opened again too", () => {
    const busy = stateAfter(START, error("Too many people are connected."), { kind: "closed", code: 1013 });
    expect(busy.trouble).toEqual({ kind: "busy", text: "" });
    expect(isToReconnect(busy)).toBe(true);
  });

  it.each([
    [1008, "refused", "Sign in."],
    [4001, "replaced", ""],
  ])("with %i ends the class", (code, kind, text) => {
    const ended = stateAfter(START, error("Sign in."), { kind: "closed", code });
    expect(ended).toMatchObject({ phase: "failed", trouble: { kind, text } });
    expect(isToReconnect(ended)).toBe(false);
  });

  it("after the class stays closed, and nobody is told that questions are answered", () => {
    const ended = stateAfter(...TEACHING, complete, { kind: "closed", code: 1000 });
    expect(ended.phase).toBe("over");
    expect(isToReconnect(ended)).toBe(false);
  });
});

describe("speech", () => {
  it("that is not recognised is a trouble until it is", () => {
    const deaf = stateAfter(
      ...TEACHING,
      message({ type: "stt_unavailable", error: "No engine hears Welsh." }),
    );
    expect(deaf.trouble).toEqual({ kind: "deaf", text: "No engine hears Welsh." });
    const ready: ClassMessage = {
      type: "stt_ready",
      message: "",
      sample_rate: 16_000,
      language: "en",
      features: [],
    };
    expect(reduceClass(deaf, message(ready))).toMatchObject({ isListening: true, trouble: null });
  });
});

it("a message of a newer server changes nothing", () => {
  const unknown = { type: "weather", text: "sunny" } as unknown as ClassMessage;
  expect(stateAfter(...TEACHING, message(unknown))).toEqual(stateAfter(...TEACHING));
});
