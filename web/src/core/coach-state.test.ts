import { describe, expect, it } from "vitest";
import {
  type CoachEvent,
  type CoachMessage,
  type CoachState,
  linesOf,
  MAX_FAILURES,
  mayPress,
  maySay,
  NO_COACH,
  reduceCoach,
} from "./coach-state";

const of = (message: CoachMessage): CoachEvent => ({ kind: "message", message });
const delta = (text: string) => of({ type: "coach_text", text, isFinal: false });
const FINAL = of({ type: "coach_text", text: "", isFinal: true });
const heard = (text: string, isFinal: boolean) => of({ type: "transcript", text, isFinal });
const START: CoachEvent = { kind: "start" };
const [OPENED, PRESS, RELEASE, SOUND, SILENCE] = (
  ["opened", "press", "release", "sound", "silence"] as const
).map((kind): CoachEvent => ({ kind })) as [CoachEvent, CoachEvent, CoachEvent, CoachEvent, CoachEvent];
const closed = (code: number, failures = 1): CoachEvent => ({ kind: "closed", code, failures });
const FIX = of({ type: "correction", original: "I go.", corrected: "I went.", explanation: "Past." });

function stateAfter(...events: CoachEvent[]): CoachState {
  return events.reduce(reduceCoach, NO_COACH);
}

function phases(...events: CoachEvent[]): string[] {
  return events.map((_, index) => stateAfter(...events.slice(0, index + 1)).phase);
}

const texts = (state: CoachState) => state.lines.map((line) => ("text" in line ? line.text : line.corrected));

describe("a turn", () => {
  it("is recorded, processed, spoken, and gives the floor back when all was heard", () => {
    expect(phases(START, OPENED, PRESS, RELEASE, delta("Oh."), SOUND, FINAL, SILENCE)).toEqual([
      "connecting",
      "ready",
      "recording",
      "processing",
      "processing",
      "speaking",
      "speaking",
      "ready",
    ]);
  });

  it("is processed again while its reply pauses before the end", () => {
    expect(stateAfter(START, OPENED, PRESS, RELEASE, SOUND, SILENCE).phase).toBe("processing");
    expect(stateAfter(START, OPENED, PRESS, RELEASE, SOUND, SILENCE, FINAL).phase).toBe("ready");
  });

  it("ends without sound where the coach has no voice, or nothing was said", () => {
    expect(stateAfter(START, OPENED, PRESS, RELEASE, FINAL).phase).toBe("ready");
  });

  it("becomes a line of each side; deltas are one line", () => {
    const state = stateAfter(
      START,
      OPENED,
      PRESS,
      heard("I li", false),
      RELEASE,
      heard("I like tea.", true),
      delta("Oh. "),
      delta("Why?"),
      FINAL,
      delta("More."),
    );
    expect(state.lines.map(({ kind }) => kind)).toEqual(["learner", "coach", "coach"]);
    expect(texts(state)).toEqual(["I like tea.", "Oh. Why?", "More."]);
    expect(state.partial).toBe("");
    expect(new Set(state.lines.map(({ id }) => id)).size).toBe(3);
  });

  it("is no line if nothing was understood", () => {
    expect(stateAfter(START, OPENED, PRESS, heard("I", false), RELEASE, heard("", true))).toMatchObject({
      lines: [],
      partial: "",
    });
  });

  it("interrupts a reply whose rest is not shown and whose end is not the next one's", () => {
    const cut = [START, OPENED, PRESS, RELEASE, delta("One."), SOUND, PRESS, delta(" Two."), FINAL];
    expect(stateAfter(...cut)).toMatchObject({ phase: "recording", lines: [{ text: "One." }] });
    expect(stateAfter(...cut, RELEASE).phase).toBe("processing");
    expect(texts(stateAfter(...cut, RELEASE, delta("Three."), FINAL))).toEqual(["One.", "Three."]);
  });

  it("cannot begin while the one before is processed", () => {
    expect(() => stateAfter(START, OPENED, PRESS, RELEASE, PRESS)).toThrow("press");
  });
});

describe("a correction", () => {
  it("is a line and is spoken in the learner's turn", () => {
    const asked = stateAfter(START, OPENED, { kind: "ask" });
    expect(asked.correction).toBe("asked");
    const state = stateAfter(START, OPENED, { kind: "ask" }, FIX, SOUND);
    expect(state).toMatchObject({ phase: "speaking", correction: null });
    expect(state.lines[0]).toMatchObject({ kind: "correction", original: "I go.", corrected: "I went." });
    expect(stateAfter(START, OPENED, { kind: "ask" }, FIX, SOUND, SILENCE).phase).toBe("ready");
  });

  it("is not needed if the coach says so", () => {
    const right = of({ type: "no_correction" });
    expect(stateAfter(START, OPENED, { kind: "ask" }, right, { kind: "uncorrected" }).correction).toBe(
      "right",
    );
  });

  it("that does not come means that nothing was found, until the next turn", () => {
    const none = [START, OPENED, { kind: "ask" }, { kind: "uncorrected" }] as const;
    expect(stateAfter(...none).correction).toBe("none");
    expect(stateAfter(...none, PRESS, RELEASE).correction).toBeNull();
    expect(stateAfter(START, OPENED, { kind: "ask" }, FIX, { kind: "uncorrected" }).correction).toBeNull();
  });
});

describe("a lost connection", () => {
  it.each([
    [1006, "connecting", "lost"],
    [1011, "connecting", "lost"],
    [1012, "connecting", "lost"],
    [1000, "failed", "idle"],
    [1013, "connecting", "busy"],
    [1008, "failed", "refused"],
    [4001, "failed", "replaced"],
  ])("with code %i leads to %s", (code, phase, kind) => {
    for (const events of [[], [OPENED], [OPENED, PRESS], [OPENED, PRESS, RELEASE], [OPENED, SOUND]])
      expect(stateAfter(START, ...events, closed(code))).toMatchObject({
        phase,
        trouble: { kind },
      });
  });

  it("keeps what was said, and is forgotten when it is open again", () => {
    const lost = [START, OPENED, PRESS, RELEASE, heard("Tea.", true), closed(1006)] as const;
    expect(stateAfter(...lost, OPENED)).toMatchObject({ phase: "ready", trouble: null, isOwed: false });
    expect(texts(stateAfter(...lost, OPENED))).toEqual(["Tea."]);
  });

  it("shows the server's reason of a refusal, and what it reports before the session is open", () => {
    const error = of({ type: "error", message: "No voice." });
    expect(stateAfter(START, error, closed(1008)).trouble?.text).toBe("No voice.");
    expect(stateAfter(START, error, OPENED).trouble).toEqual({ kind: "reported", text: "No voice." });
  });

  it("of a session that fails on the server is opened again a few times and then given up", () => {
    expect(stateAfter(START, OPENED, closed(1011, MAX_FAILURES - 1))).toMatchObject({
      phase: "connecting",
      trouble: { kind: "lost" },
    });
    expect(stateAfter(START, OPENED, closed(1011, MAX_FAILURES))).toMatchObject({
      phase: "failed",
      trouble: { kind: "broken", text: "" },
    });
  });

  it("of a session that the server says it cannot hold is not opened again", () => {
    const error = of({ type: "error", message: "There is no tutor for this language." });
    expect(stateAfter(START, error, closed(1011))).toMatchObject({
      phase: "failed",
      trouble: { kind: "broken", text: "There is no tutor for this language." },
    });
    expect(stateAfter(START, error, OPENED, closed(1011)).phase).toBe("connecting");
  });

  it("of a session that ended changes nothing", () => {
    expect(stateAfter(START, OPENED, { kind: "end" }, closed(1006)).phase).toBe("ended");
  });
});

describe("typed words", () => {
  const deaf = of({
    type: "opened",
    engines: { stt: null, llm: { name: "l", vendor: "v", isCloud: false }, tts: null },
  });

  it("are a turn, also over a reply, and where nobody can hear the learner", () => {
    const state = stateAfter(START, deaf, OPENED);
    expect(state).toMatchObject({ phase: "ready", engines: { stt: null, tts: null } });
    expect([maySay(state), mayPress(state)]).toEqual([true, false]);
    const typed = stateAfter(START, deaf, OPENED, { kind: "type" });
    expect(typed).toMatchObject({ phase: "processing", isOwed: true });
    expect(stateAfter(START, OPENED, PRESS, RELEASE, SOUND, { kind: "type" }).phase).toBe("processing");
    expect(
      texts(stateAfter(START, OPENED, { kind: "type" }, heard("Tea.", true), delta("Oh."), FINAL)),
    ).toEqual(["Tea.", "Oh."]);
  });

  it("cannot be sent while an answer is awaited", () => {
    expect(maySay(stateAfter(START, OPENED, { kind: "type" }))).toBe(false);
    expect(maySay(stateAfter(START))).toBe(false);
  });
});

it("lines from before a reload come first", () => {
  const restored: CoachEvent = { kind: "restored", lines: [{ kind: "learner", text: "Before." }] };
  expect(texts(stateAfter(START, OPENED, heard("Now.", true), restored))).toEqual(["Before.", "Now."]);
});

it("a flood of lines is bounded", () => {
  const many = Array.from({ length: 500 }, (_, index) => heard(`${index}`, true));
  const { lines } = stateAfter(START, OPENED, ...many);
  expect(lines).toHaveLength(200);
  expect(lines.at(-1)).toMatchObject({ text: "499" });
});

it("a stored session is shown as it was: each correction once, although it was spoken too", () => {
  const message = (role: "learner" | "tutor", text: string, corrections: object[] = []) =>
    ({ role, text, corrections }) as unknown as Parameters<typeof linesOf>[0][number];
  const fix = { originalSentence: "I go.", correctedSentence: "I went.", explanation: "Past." };
  const stored = [
    message("learner", "I go.", [fix]),
    message("tutor", "Oh."),
    message("tutor", "I went. Past."),
    message("learner", "I went. Past."),
  ];
  expect(linesOf(stored)).toEqual([
    { kind: "learner", text: "I go." },
    { kind: "correction", original: "I go.", corrected: "I went.", explanation: "Past." },
    { kind: "coach", text: "Oh." },
    { kind: "learner", text: "I went. Past." },
  ]);
});
