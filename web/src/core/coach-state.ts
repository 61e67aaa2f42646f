import type {
  AudioEnd,
  CoachCorrection,
  CoachError,
  CoachNoCorrection,
  CoachOpened,
  CoachPong,
  CoachText,
  CoachTranscript,
  ConversationDetail,
  Engines,
} from "../protocol";
import { nextState, type Transitions } from "./transitions";
import { TRY_LATER } from "./voice-socket";

export type CoachMessage =
  | AudioEnd
  | CoachCorrection
  | CoachError
  | CoachNoCorrection
  | CoachOpened
  | CoachPong
  | CoachText
  | CoachTranscript;

/**
 * `recording`: the learner speaks. `processing`: the turn has ended and nothing of its reply is heard yet. `speaking`: a
 * reply or a correction is heard. `failed`: until the learner connects again. `ended`: by the learner.
 */
export type CoachPhase =
  | "idle"
  | "connecting"
  | "ready"
  | "recording"
  | "processing"
  | "speaking"
  | "failed"
  | "ended";

/**
 * `silence`: all that arrived has been heard. `gap`: the same, but the reply goes on. `answered`: the reply's last message.
 * `lost`: the connection, which is opened again.
 */
type Move =
  | "start"
  | "opened"
  | "press"
  | "release"
  | "type"
  | "sound"
  | "silence"
  | "gap"
  | "answered"
  | "lost"
  | "fail"
  | "end";

const ALWAYS = { lost: "connecting", fail: "failed", end: "ended" } as const;

/** Moves that may come late keep the phase. */
const MOVES: Transitions<CoachPhase, Move> = {
  idle: { start: "connecting" },
  connecting: { ...ALWAYS, opened: "ready", answered: "connecting" },
  ready: { ...ALWAYS, press: "recording", type: "processing", sound: "speaking", answered: "ready" },
  recording: { ...ALWAYS, release: "processing", answered: "recording" },
  processing: { ...ALWAYS, sound: "speaking", answered: "ready" },
  speaking: {
    ...ALWAYS,
    press: "recording",
    type: "processing",
    sound: "speaking",
    silence: "ready",
    gap: "processing",
    answered: "speaking",
  },
  failed: { start: "connecting", end: "ended" },
  ended: { start: "connecting" },
};

/**
 * `lost`: the connection; it is opened again by itself. `busy`: the server asks to try later, which happens by itself.
 * `refused`: by the server. `replaced`: the session was opened in another window. `broken`: the session failed there, again
 * and again. `idle`: nothing was said for long. `unheard`: the browser cannot capture speech. `reported`: another error of
 * the server. The text is the server's, in English.
 */
export interface CoachTrouble {
  kind: "lost" | "busy" | "refused" | "replaced" | "broken" | "idle" | "unheard" | "reported";
  text: string;
}

export type NewLine =
  | { kind: "learner" | "coach"; text: string }
  | { kind: "correction"; original: string; corrected: string; explanation: string };

export type CoachLine = NewLine & { id: number };

export interface CoachState {
  phase: CoachPhase;
  lines: readonly CoachLine[];
  /** Words of the turn so far. */
  partial: string;
  /** The last line is a reply that goes on. */
  isReplying: boolean;
  /** The server still owes the end of a reply. */
  isOwed: boolean;
  /** `asked`: a correction was asked for. `right`: there is nothing to correct. `none`: no answer came in time. */
  correction: "none" | "right" | "asked" | null;
  /** Null until the session is open. */
  engines: Engines | null;
  trouble: CoachTrouble | null;
}

export type CoachEvent =
  | { kind: "start" }
  | { kind: "restored"; lines: readonly NewLine[] }
  | { kind: "opened" | "press" | "release" | "type" | "sound" | "silence" | "end" | "unheard" }
  | { kind: "ask" | "uncorrected" }
  | { kind: "message"; message: CoachMessage }
  /** `failures`: connections in a row that did not last, with this one. */
  | { kind: "closed"; code: number; failures: number };

export const NO_COACH: CoachState = {
  phase: "idle",
  lines: [],
  partial: "",
  isReplying: false,
  isOwed: false,
  correction: null,
  engines: null,
  trouble: null,
};

/** Codes with which the server closes a connection. */
const IDLE = 1000;
const REFUSED = 1008;
const FAILED = 1011;
/** A session that fails on the server so often in a row is given up. */
export const MAX_FAILURES = 4;
const REPLACED = 4001;
/** The page shows this many lines; the history has all. */
const MAX_LINES = 200;

export function reduceCoach(state: CoachState, event: CoachEvent): CoachState {
  switch (event.kind) {
    case "start":
      return { ...NO_COACH, phase: moved(state, "start") };
    case "restored":
      return [...event.lines, ...state.lines].reduce(withLine, { ...state, lines: [] });
    case "opened":
      // The server may report a trouble of this connection before it opens.
      return { ...state, phase: moved(state, "opened"), trouble: reported(state) };
    case "press":
      return { ...state, phase: moved(state, "press"), partial: "", isReplying: false, trouble: null };
    case "release":
      return { ...state, phase: moved(state, "release"), isOwed: true, correction: null };
    case "type":
      return {
        ...state,
        phase: moved(state, "type"),
        isReplying: false,
        isOwed: true,
        correction: null,
        trouble: null,
      };
    case "sound":
      return { ...state, phase: moved(state, "sound") };
    case "silence":
      return { ...state, phase: moved(state, state.isOwed ? "gap" : "silence") };
    case "end":
      return { ...quiet(state), phase: moved(state, "end"), trouble: null };
    case "unheard":
      return { ...state, trouble: { kind: "unheard", text: "" } };
    case "ask":
      return { ...state, correction: "asked" };
    case "uncorrected":
      return state.correction === "asked" ? { ...state, correction: "none" } : state;
    case "message":
      return withMessage(state, event.message);
    case "closed":
      return withClose(state, event.code, event.failures);
  }
}

export function mayPress(state: CoachState): boolean {
  return hearsLearner(state) && maySay(state);
}

/** Whether there is an engine that recognises the language. */
export function hearsLearner({ engines }: Pick<CoachState, "engines">): boolean {
  return engines === null || engines.stt !== null;
}

/** Whether the learner may take a turn by typing. */
export function maySay({ phase }: CoachState): boolean {
  return phase === "ready" || phase === "speaking";
}

/** Whether a session is under way, so that a connection that closed is to be opened again. */
export function isRunning({ phase }: Pick<CoachState, "phase">): boolean {
  return phase !== "idle" && phase !== "failed" && phase !== "ended";
}

/** Whether sound that arrives belongs to what is to be heard: the learner has not begun to speak since. */
export function isToPlay({ phase }: CoachState): boolean {
  return phase === "processing" || phase === "speaking" || phase === "ready";
}

function moved({ phase }: CoachState, move: Move): CoachPhase {
  return nextState(MOVES, phase, move);
}

function reported({ trouble }: CoachState): CoachTrouble | null {
  return trouble?.kind === "reported" ? trouble : null;
}

function withMessage(state: CoachState, message: CoachMessage): CoachState {
  switch (message.type) {
    case "transcript":
      if (!message.isFinal) return { ...state, partial: message.text };
      if (message.text === "") return { ...state, partial: "" };
      return withLine({ ...state, partial: "" }, { kind: "learner", text: message.text });
    case "coach_text":
      return message.isFinal ? withFinal(state) : withDelta(state, message.text);
    case "correction": {
      const { original, corrected, explanation } = message;
      const line = { kind: "correction", original, corrected, explanation } as const;
      return withLine({ ...state, correction: null }, line);
    }
    case "no_correction":
      return { ...state, correction: "right" };
    case "opened":
      return { ...state, engines: message.engines };
    case "error":
      return { ...state, correction: null, trouble: { kind: "reported", text: message.message } };
    default:
      return state;
  }
}

function withFinal(state: CoachState): CoachState {
  const phase = moved(state, "answered");
  // While the learner speaks it is the end of a reply that was interrupted.
  const partial = phase === "recording" ? state.partial : "";
  return { ...state, phase, partial, isReplying: false, isOwed: false };
}

function withDelta(state: CoachState, text: string): CoachState {
  if (state.phase === "recording") return state;
  const last = state.lines.at(-1);
  if (!state.isReplying || last?.kind !== "coach")
    return withLine({ ...state, isReplying: true }, { kind: "coach", text });
  return { ...state, lines: [...state.lines.slice(0, -1), { ...last, text: last.text + text }] };
}

function withLine(state: CoachState, line: NewLine): CoachState {
  const id = (state.lines.at(-1)?.id ?? 0) + 1;
  return { ...state, lines: [...state.lines, { ...line, id }].slice(-MAX_LINES) };
}

function withClose(state: CoachState, code: number, failures: number): CoachState {
  if (!isRunning(state)) return state;
  const trouble = troubleOf(state, code, failures);
  const isOver = trouble.kind !== "lost" && trouble.kind !== "busy";
  return { ...quiet(state), phase: moved(state, isOver ? "fail" : "lost"), trouble };
}

function troubleOf(state: CoachState, code: number, failures: number): CoachTrouble {
  const text = reported(state)?.text ?? "";
  switch (code) {
    case REPLACED:
      return { kind: "replaced", text: "" };
    case IDLE:
      return { kind: "idle", text: "" };
    case REFUSED:
      return { kind: "refused", text };
    case TRY_LATER:
      return { kind: "busy", text };
    case FAILED: {
      // The server has said why it cannot open the session: the next attempt would end in the same way.
      const isHopeless = state.phase === "connecting" && text !== "";
      return isHopeless || failures >= MAX_FAILURES ? { kind: "broken", text } : { kind: "lost", text: "" };
    }
    default:
      return { kind: "lost", text: "" };
  }
}

/** Without a connection nothing is heard. */
function quiet(state: CoachState): CoachState {
  return { ...state, partial: "", isReplying: false, isOwed: false, correction: null };
}

/** The view of a stored session. The coach also said each correction aloud: those words are not shown twice. */
export function linesOf(messages: ConversationDetail["messages"]): NewLine[] {
  const shown = messages.flatMap(({ corrections }) => corrections);
  const spoken = new Set(shown.map((item) => `${item.correctedSentence} ${item.explanation}`));
  return messages.flatMap(({ role, text, corrections }): NewLine[] => [
    ...(role === "tutor" && spoken.has(text) ? [] : [lineOf(role, text)]),
    ...corrections.map(
      (item): NewLine => ({
        kind: "correction",
        original: item.originalSentence,
        corrected: item.correctedSentence,
        explanation: item.explanation,
      }),
    ),
  ]);
}

function lineOf(role: "learner" | "tutor", text: string): NewLine {
  return { kind: role === "learner" ? "learner" : "coach", text };
}
