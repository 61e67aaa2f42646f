import type { Tutor } from "../protocol";
import { type Dialogue, type DialogueLine, TUTOR } from "./dialogue";
import { NO_PATH, type PathView, type TalkTrouble } from "./talk-path";
import { nextState, type Transitions } from "./transitions";

/**
 * `asking`: the browser asks for the microphone. `opening`: a room is being made, or the talk of before a reload found.
 * `media`, `socket`: under way, over WebRTC or over a WebSocket. `switching`: from the first to the second.
 */
export type TalkStage = "idle" | "asking" | "opening" | "media" | "switching" | "socket" | "failed" | "ended";

type Move = "start" | "asked" | "media" | "blocked" | "socket" | "fail" | "end";

const ALWAYS = { fail: "failed", end: "ended" } as const;

export const TALK_MOVES: Transitions<TalkStage, Move> = {
  idle: { start: "asking" },
  asking: { ...ALWAYS, asked: "opening" },
  opening: { ...ALWAYS, media: "media", socket: "socket" },
  media: { ...ALWAYS, blocked: "switching" },
  switching: { ...ALWAYS, socket: "socket" },
  socket: ALWAYS,
  failed: { start: "asking", end: "ended" },
  ended: { start: "asking" },
};

/** The state that the orb shows. `waiting`: for the tutor, whose status says why. `deaf`: no engine here hears the language. */
export type Stance =
  | "connecting"
  | "switching"
  | "waiting"
  | "listening"
  | "hearing"
  | "thinking"
  | "speaking"
  | "muted"
  | "deaf"
  | "reconnecting"
  | "failed";

export interface TalkView {
  stage: TalkStage;
  stance: Stance;
  isMuted: boolean;
  tutor: Tutor | null;
  dialogue: Dialogue;
  /** Null while it is not known. */
  conversationId: string | null;
  /** The talk went over to a WebSocket by itself. */
  hasSwitched: boolean;
  trouble: TalkTrouble | null;
  /** The server refused to begin: an error of REST. */
  error: unknown;
}

/** The state of `TalkSession`; the view is derived from it. */
export interface TalkHeld {
  stage: TalkStage;
  path: PathView;
  /** Lines from before the present path. */
  past: readonly DialogueLine[];
  conversationId: string | null;
  hasSwitched: boolean;
  error: unknown;
}

export const NO_TALK: TalkHeld = {
  stage: "idle",
  path: NO_PATH,
  past: [],
  conversationId: null,
  hasSwitched: false,
  error: null,
};

export function moved(stage: TalkStage, move: Move): TalkStage {
  return nextState(TALK_MOVES, stage, move);
}

export function isUnderWay(stage: TalkStage): boolean {
  return stage !== "idle" && stage !== "failed" && stage !== "ended";
}

export function viewOfTalk({ stage, path, past, conversationId, hasSwitched, error }: TalkHeld): TalkView {
  const { isMuted, tutor, trouble } = path;
  const dialogue = merged(past, path.dialogue);
  const stance = stanceOf(stage, path);
  return { stage, stance, isMuted, tutor, dialogue, conversationId, hasSwitched, trouble, error };
}

function stanceOf(stage: TalkStage, { phase, tutor, isMuted }: PathView): Stance {
  if (stage === "failed") return "failed";
  if (stage === "switching") return "switching";
  if (stage !== "media" && stage !== "socket") return "connecting";
  if (phase === "lost") return "reconnecting";
  if (phase !== "open" || !tutor || tutor.status === "starting")
    return stage === "socket" ? "switching" : "connecting";
  if (tutor.status !== "ready") return "waiting";
  if (tutor.state === "speaking" || tutor.state === "thinking") return tutor.state;
  if (tutor.engines?.stt === null) return "deaf";
  if (tutor.state === "idle") return isMuted ? "muted" : "listening";
  return "hearing";
}

/** The lines of before, followed by those of this path that they do not contain. */
function merged(past: readonly DialogueLine[], dialogue: Dialogue): Dialogue {
  if (past.length === 0) return dialogue;
  const known = new Set(past.map(idOf));
  return { ...dialogue, lines: [...past, ...dialogue.lines.filter((line) => !known.has(idOf(line)))] };
}

function idOf({ speaker, turnId }: DialogueLine): string {
  return `${speaker === TUTOR ? TUTOR : "learner"}/${turnId}`;
}

/** Lines of a path that is left, for the next one: nothing more follows in them. */
export function settled(dialogue: Dialogue): DialogueLine[] {
  return dialogue.lines.map((line) => ({ ...line, isOpen: false }));
}

export function hasSpoken(lines: readonly DialogueLine[]): boolean {
  return lines.some(({ speaker, text }) => speaker !== TUTOR && text.trim() !== "");
}
