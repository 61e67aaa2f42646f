import type { StoreApi } from "zustand/vanilla";
import type { Level, Tutor } from "../protocol";
import type { CallEnd } from "./call-state";
import { type Dialogue, EMPTY_DIALOGUE } from "./dialogue";

/** The subject of a talk. `language`: BCP 47. */
export interface TalkLesson {
  topic: string;
  level: Level;
  language: string;
}

/** `lost`: it is being opened again. `closed`: for good; the trouble says why. */
export type PathPhase = "connecting" | "open" | "lost" | "closed";

/**
 * `busy`: the server asks to try later, which happens by itself. `refused`: for good. `replaced`: the talk was opened in
 * another window. `idle`: nobody spoke for minutes. `unreachable`: no connection of any kind. `unheard`: the browser cannot
 * capture speech. `ended`: the stay in the room has. `code`: the server's word for a refusal, as those of REST.
 */
export type TalkTrouble =
  | { kind: "busy" | "replaced" | "idle" | "unreachable" | "unheard" }
  | { kind: "refused"; code: string }
  | { kind: "ended"; end: CallEnd };

export interface PathView {
  phase: PathPhase;
  trouble: TalkTrouble | null;
  /** As the person wants it, also while it is being opened. */
  isMuted: boolean;
  tutor: Tutor | null;
  dialogue: Dialogue;
}

export const NO_PATH: PathView = {
  phase: "connecting",
  trouble: null,
  isMuted: true,
  tutor: null,
  dialogue: EMPTY_DIALOGUE,
};

/** One way to carry a talk: over WebRTC in a room, or over a WebSocket. */
export interface TalkPath {
  readonly store: StoreApi<PathView>;
  /** Connects, with the microphone open or not. */
  start(isMuted: boolean): void;
  /** Opening the microphone is for the person's own click or key alone. */
  setMuted(muted: boolean): void;
  /** Words that are typed. Resolves to whether they were taken. */
  say(text: string): Promise<boolean>;
  /** dBFS of the tutor's voice now. */
  tutorLevel(): number;
  /** Tries to connect at once, while it is lost. */
  retry(): void;
  /** `keepsMicrophone`: for the next path. Resolves once the server knows, soon in any case. */
  end(options?: { keepsMicrophone?: boolean }): Promise<void>;
}
