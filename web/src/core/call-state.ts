import type { Problem } from "../protocol";
import { isHost, participantOf, type RoomState } from "./room-state";
import type { CallEnd, CallNotice, CallPhase, CallView, EndReason } from "./types";

export type CallEvent = "join" | "seated" | "lost" | "ended" | "reset";

/** What is not here cannot happen. */
export const TRANSITIONS: Record<CallPhase, Partial<Record<CallEvent, CallPhase>>> = {
  idle: { join: "joining" },
  joining: { seated: "joined", lost: "joining", ended: "ended" },
  joined: { lost: "reconnecting", ended: "ended" },
  reconnecting: { seated: "joined", lost: "reconnecting", ended: "ended" },
  ended: { join: "joining", reset: "idle" },
};

export function transition(phase: CallPhase, event: CallEvent): CallPhase {
  const next = TRANSITIONS[phase][event];
  if (!next) throw new Error(`a call that is ${phase} cannot take "${event}"`);
  return next;
}

/** Refusals of `join` with an ending of their own. The others are `error`, or are tried again when retryable. */
const ENDINGS: Record<string, EndReason> = {
  room_full: "room_full",
  room_locked: "room_locked",
  room_closed: "room_closed",
  room_not_found: "room_not_found",
  invite_invalid: "invite_invalid",
  removed_from_room: "removed_from_room",
};

export type JoinVerdict = { end: EndReason } | { retryAfterMs: number };

/**
 * What to do after a refused `join`. A room that is gone while we reconnect has closed; passing trouble is waited
 * out, for a first join only `MAX_FIRST_ATTEMPTS` times.
 */
export function judgeRefusal(refusal: Problem, phase: CallPhase, attempt: number): JoinVerdict {
  const end = ENDINGS[refusal.code];
  if (end === "room_not_found" && phase === "reconnecting") return { end: "room_closed" };
  if (end) return { end };
  if (!refusal.retryable) return { end: "error" };
  if (phase === "joining" && attempt >= MAX_FIRST_ATTEMPTS) return { end: "error" };
  return { retryAfterMs: (refusal.retryAfter ?? 0) * 1000 };
}

export const MAX_FIRST_ATTEMPTS = 5;

/** What the call knows. `CallView` is made of it. */
export interface CallState {
  phase: CallPhase;
  end: CallEnd | null;
  draining: boolean;
  mediaLost: boolean;
  room: RoomState | null;
  isMuted: boolean;
  mutedByHost: boolean;
  isTalkingWhileMuted: boolean;
}

export const IDLE: CallState = {
  phase: "idle",
  end: null,
  draining: false,
  mediaLost: false,
  room: null,
  isMuted: true,
  mutedByHost: false,
  isTalkingWhileMuted: false,
};

export function viewOf(state: CallState): CallView {
  const { room } = state;
  const me = room ? participantOf(room, room.meId) : null;
  return {
    phase: state.phase,
    end: state.end,
    notice: noticeOf(state),
    room: room?.room ?? null,
    // The microphone is what it is here; the server's word on it comes later.
    me: me && { ...me, isMuted: state.isMuted },
    participants:
      room?.participants.map((p) => (p.id === room.meId ? { ...p, isMuted: state.isMuted } : p)) ?? [],
    isHost: room !== null && isHost(room),
    dominantId: room?.dominantId ?? null,
    isMuted: state.isMuted,
    isTalkingWhileMuted: state.isTalkingWhileMuted,
    mutedByHost: state.mutedByHost,
  };
}

function noticeOf({ phase, draining, mediaLost }: CallState): CallNotice | null {
  if (phase !== "joined" && phase !== "reconnecting") return null;
  if (draining) return "server_restarting";
  if (phase === "reconnecting") return "connection_lost";
  return mediaLost ? "media_lost" : null;
}
