import type {
  AgentResponse,
  AudioChunk,
  AudioComplete,
  ClassError,
  ClassMetrics,
  FinalTranscript,
  Note,
  PartialTranscript,
  SttProblem,
  SttReady,
} from "../protocol";
import { TRY_LATER } from "./voice-socket";

export type ClassMessage =
  | AgentResponse
  | AudioChunk
  | AudioComplete
  | ClassError
  | ClassMetrics
  | FinalTranscript
  | Note
  | PartialTranscript
  | SttProblem
  | SttReady;

/** `finished`: all was taught, and questions are still answered. `over`: the connection has ended after that. */
export type ClassPhase = "idle" | "connecting" | "teaching" | "stopped" | "finished" | "over" | "failed";

/**
 * `lost`: the connection; it is opened again by itself. `busy`: the server asks to try later, which happens by itself.
 * `refused`: for good, with the server's reason. `replaced`: the class was opened in another window. `deaf`: speech is not
 * recognised. `silent`: the browser cannot play the voice. `reported`: another error of the server, with its text.
 */
export type ClassTrouble = "lost" | "busy" | "refused" | "replaced" | "deaf" | "silent" | "reported";

/**
 * The learner's words and the tutor's answer; null until there is one. `asked`: the question of the class that it
 * answers; null for what the learner asks.
 */
export interface ClassExchange {
  id: number;
  asked: string | null;
  said: string | null;
  answer: string | null;
}

export interface ClassState {
  phase: ClassPhase;
  /** The sentence of the lesson that is heard, or was last. */
  sentence: number | null;
  /** The sentence that arriving sound belongs to; null for an answer's. */
  sending: number | null;
  /** The words that are heard now. */
  sound: "lesson" | "answer" | null;
  /** The learner's speech is heard by the tutor. */
  isHeard: boolean;
  /** The server recognises speech. */
  isListening: boolean;
  /** Words of the learner's so far. */
  partial: string;
  /** The question of the class that was asked last; null before the first. */
  question: number | null;
  talk: ClassExchange[];
  trouble: { kind: ClassTrouble; text: string } | null;
}

export type ClassEvent =
  | { kind: "start"; sentence: number }
  | { kind: "stop" }
  | { kind: "message"; message: ClassMessage }
  | { kind: "sound"; sentence: number | null }
  | { kind: "silence" }
  | { kind: "undecodable" }
  | { kind: "unheard" }
  | { kind: "closed"; code: number };

export const NO_CLASS: ClassState = {
  phase: "idle",
  sentence: null,
  sending: null,
  sound: null,
  isHeard: false,
  isListening: false,
  partial: "",
  question: null,
  talk: [],
  trouble: null,
};

/** Codes with which the server closes a connection. */
const REFUSED = 1008;
const REPLACED = 4001;
/** The page shows this many questions. */
const MAX_TALK = 100;

export function reduceClass(state: ClassState, event: ClassEvent): ClassState {
  switch (event.kind) {
    case "start":
      return { ...state, phase: "connecting", sentence: event.sentence, question: null, trouble: null };
    case "stop":
      return { ...quiet(state), phase: "stopped", trouble: null };
    case "message":
      return withMessage(state, event.message);
    case "sound":
      if (event.sentence === null) return { ...state, sound: "answer" };
      return { ...state, sound: "lesson", sentence: event.sentence };
    case "silence":
      return { ...state, sound: null };
    case "undecodable":
      return { ...state, trouble: { kind: "silent", text: "" } };
    case "unheard":
      return { ...state, trouble: { kind: "deaf", text: "" } };
    case "closed":
      return withClose(state, event.code);
  }
}

/** Whether a connection that closed is to be opened again. */
export function isToReconnect({ phase }: ClassState): boolean {
  return phase === "connecting" || phase === "teaching";
}

function withMessage(state: ClassState, message: ClassMessage): ClassState {
  switch (message.type) {
    case "agent_response":
      return withResponse(state, message);
    case "audio_generation_complete":
      // After an answer too, but only once the lesson has ended.
      return state.phase === "teaching" ? { ...state, phase: "finished", sending: null } : state;
    case "speech_started":
      return { ...state, isHeard: true, partial: "" };
    case "utterance_end":
      return { ...state, isHeard: false };
    case "tts_interrupted":
      return { ...state, sound: null, sending: null };
    case "partial_transcript":
      return { ...state, partial: message.text };
    case "final_transcript":
      return withWords(state, message.text);
    case "stt_ready":
      return { ...state, isListening: true, trouble: without(state.trouble, "deaf") };
    case "stt_stopped":
      return { ...state, isListening: false };
    case "stt_unavailable":
    case "stt_failed":
      return { ...state, isListening: false, trouble: { kind: "deaf", text: message.error } };
    case "error":
      return { ...state, trouble: { kind: "reported", text: message.error } };
    default:
      return state;
  }
}

function withResponse(state: ClassState, { text, metadata }: AgentResponse): ClassState {
  if (metadata.kind === "answer") return withAnswer(state, text);
  if (metadata.kind === "question") return withQuestion(state, text, metadata.question);
  const sending = metadata.sentence;
  const trouble = without(state.trouble, "lost", "busy");
  // Without sound before it, this sentence is the next to be heard; else it follows what is heard.
  const sentence = state.sound === null ? sending : state.sentence;
  return { ...state, phase: "teaching", sending, sentence, trouble };
}

/** The tutor asks a question of the class. */
function withQuestion(state: ClassState, asked: string, question: number | null): ClassState {
  return { ...withExchange(state, { asked, said: null, answer: null }), question, sending: null };
}

function withWords(state: ClassState, said: string): ClassState {
  const heard: ClassState = { ...state, partial: "", isHeard: false, sending: null };
  const last = heard.talk.at(-1);
  if (!last || last.said !== null) return withExchange(heard, { asked: null, said, answer: null });
  return { ...heard, talk: [...heard.talk.slice(0, -1), { ...last, said }] };
}

function withExchange(state: ClassState, exchange: Omit<ClassExchange, "id">): ClassState {
  const id = (state.talk.at(-1)?.id ?? 0) + 1;
  return { ...state, talk: [...state.talk, { ...exchange, id }].slice(-MAX_TALK) };
}

function withAnswer(state: ClassState, text: string): ClassState {
  const last = state.talk.at(-1);
  if (!last) return state;
  const answer = last.answer === null ? text : `${last.answer} ${text}`;
  return { ...state, talk: [...state.talk.slice(0, -1), { ...last, answer }] };
}

function withClose(state: ClassState, code: number): ClassState {
  const closed = quiet(state);
  const reason = state.trouble?.kind === "reported" ? state.trouble.text : "";
  if (code === REPLACED) return { ...closed, phase: "failed", trouble: { kind: "replaced", text: "" } };
  if (code === REFUSED) return { ...closed, phase: "failed", trouble: { kind: "refused", text: reason } };
  if (!isToReconnect(state)) return state.phase === "finished" ? { ...closed, phase: "over" } : closed;
  const kind = code === TRY_LATER ? "busy" : "lost";
  return { ...closed, phase: "connecting", trouble: { kind, text: "" } };
}

/** Without a connection nothing is heard. */
function quiet(state: ClassState): ClassState {
  return { ...state, sending: null, sound: null, isHeard: false, isListening: false, partial: "" };
}

function without(trouble: ClassState["trouble"], ...kinds: ClassTrouble[]): ClassState["trouble"] {
  return trouble && kinds.includes(trouble.kind) ? null : trouble;
}
