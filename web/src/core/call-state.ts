import type { ChatLine, Knocker, Participant, Problem, Room } from "../protocol";
import { type ChatNews, NO_CHAT } from "./chat";
import { NO_CLUB, type ShownClub } from "./club";
import type { MediaState } from "./media-session";
import { isHost, isLeading, participantOf, type RoomState, type ShownReaction } from "./room-state";
import type { Transitions } from "./transitions";

export type CallPhase = "idle" | "joining" | "knocking" | "joined" | "reconnecting" | "ended";

export type CallEvent = "join" | "knocking" | "joined" | "lost" | "ended" | "reset";

/**
 * Every legal move of a call. `joining`, `knocking` (waiting for the host to answer) and `reconnecting` keep their phase
 * when another attempt fails.
 */
export const CALL_TRANSITIONS: Transitions<CallPhase, CallEvent> = {
  idle: { join: "joining" },
  joining: { joined: "joined", knocking: "knocking", lost: "joining", ended: "ended" },
  knocking: { joined: "joined", knocking: "knocking", lost: "knocking", ended: "ended" },
  joined: { lost: "reconnecting", ended: "ended" },
  reconnecting: { joined: "joined", knocking: "knocking", lost: "reconnecting", ended: "ended" },
  ended: { join: "joining", reset: "idle" },
};

export type EndReason =
  | "left"
  | "signed_out"
  | "removed_by_host"
  | "joined_elsewhere"
  | "timed_out"
  | "room_closed"
  | "room_moved"
  | "room_full"
  | "room_locked"
  | "invite_invalid"
  | "removed_from_room"
  | "room_not_found"
  | "knock_declined"
  | "knock_expired"
  | "knock_queue_full"
  | "rules_not_accepted"
  | "warning_not_read"
  | "error";

export interface CallEnd {
  reason: EndReason;
  problem: Problem | null;
}

/** Refusals of `join` that have an end reason of their own. The others are retried if retryable, or end as `error`. */
const END_REASONS: Record<string, EndReason> = {
  room_full: "room_full",
  room_locked: "room_locked",
  room_closed: "room_closed",
  room_not_found: "room_not_found",
  invite_invalid: "invite_invalid",
  removed_from_room: "removed_from_room",
  knock_declined: "knock_declined",
  knock_queue_full: "knock_queue_full",
  rules_not_accepted: "rules_not_accepted",
  warning_not_read: "warning_not_read",
};

export const MAX_FIRST_ATTEMPTS = 5;

export type RefusalVerdict = { end: EndReason } | { retryAfterMs: number };

/**
 * Decides what follows a refused `join`. A room that disappeared while we reconnect has closed. Retryable refusals are
 * retried without limit while reconnecting, `MAX_FIRST_ATTEMPTS` times for a first join.
 */
export function judgeRefusal(refusal: Problem, phase: CallPhase, attempt: number): RefusalVerdict {
  const end = END_REASONS[refusal.code];
  if (end === "room_not_found" && phase === "reconnecting") return { end: "room_closed" };
  if (end) return { end };
  if (!refusal.retryable) return { end: "error" };
  if (phase === "joining" && attempt >= MAX_FIRST_ATTEMPTS) return { end: "error" };
  return { retryAfterMs: (refusal.retryAfter ?? 0) * 1000 };
}

/** A knock at the door of a room. `canBeAnswered`: the host is connected now. `position`: 1 is the first of those who wait. */
export interface Knocking {
  roomId: string;
  canBeAnswered: boolean;
  position: number;
}

/** The state of the call. `viewOf` derives the components' view from it. */
export interface CallState {
  phase: CallPhase;
  end: CallEnd | null;
  /** The server announced a restart. */
  draining: boolean;
  /** The server said moments ago that it reaches nothing but its clients, and no other server has the room. */
  cutOff: boolean;
  media: MediaState;
  /** Set in the phase `knocking`. */
  knocking: Knocking | null;
  room: RoomState | null;
  chatNews: ChatNews;
  isMuted: boolean;
  mutedByHost: boolean;
  isTalkingWhileMuted: boolean;
}

export const IDLE: CallState = {
  phase: "idle",
  end: null,
  draining: false,
  cutOff: false,
  media: "ok",
  knocking: null,
  room: null,
  chatNews: NO_CHAT,
  isMuted: true,
  mutedByHost: false,
  isTalkingWhileMuted: false,
};

export type CallNotice =
  | "server_restarting"
  | "connection_lost"
  | "server_cut_off"
  | "media_connecting"
  | "media_lost"
  | "media_unreachable";

export interface CallView {
  phase: CallPhase;
  end: CallEnd | null;
  notice: CallNotice | null;
  knocking: Knocking | null;
  room: Room | null;
  me: Participant | null;
  /** Everyone in the room, including me, longest-present first. */
  participants: Participant[];
  isHost: boolean;
  /** I am the host or a co-host. */
  isLeading: boolean;
  /** The people who wait at the door, if this person is the host or a co-host. */
  knocks: Knocker[];
  /** The lines of the chat, oldest first. */
  chat: ChatLine[];
  /** Topics, and turns to speak. */
  club: ShownClub;
  isChatOpen: boolean;
  unread: number;
  /** Everybody's last reaction, by participant. */
  reactions: Readonly<Record<string, ShownReaction>>;
  dominantId: string | null;
  /** The server is out of reach, so what it last said of the others may have changed. */
  isStale: boolean;
  isMuted: boolean;
  isTalkingWhileMuted: boolean;
  /** The host muted me and I have not unmuted since. */
  mutedByHost: boolean;
}

export function viewOf(state: CallState): CallView {
  const { room } = state;
  const isStale = state.phase === "reconnecting";
  const me = room ? participantOf(room, room.meId) : null;
  return {
    phase: state.phase,
    end: state.end,
    notice: noticeOf(state),
    knocking: state.knocking,
    room: room?.room ?? null,
    // The local microphone decides; the server's copy of my mute state arrives later.
    me: me && { ...me, isMuted: state.isMuted },
    participants:
      room?.participants.map((p) => ({
        ...p,
        isMuted: p.id === room.meId ? state.isMuted : p.isMuted,
        isSpeaking: p.isSpeaking && !isStale,
      })) ?? [],
    isHost: room !== null && isHost(room),
    isLeading: room !== null && isLeading(room),
    knocks: room?.knocks ?? [],
    chat: room?.chat ?? [],
    club: room?.club ?? NO_CLUB,
    isChatOpen: state.chatNews.isOpen,
    unread: state.chatNews.unread,
    reactions: room?.reactions ?? {},
    dominantId: isStale ? null : (room?.dominantId ?? null),
    isStale,
    isMuted: state.isMuted,
    isTalkingWhileMuted: state.isTalkingWhileMuted,
    mutedByHost: state.mutedByHost,
  };
}

function noticeOf({ phase, draining, cutOff, media }: CallState): CallNotice | null {
  if (phase !== "joined" && phase !== "reconnecting") return null;
  if (draining) return "server_restarting";
  if (phase === "reconnecting") return "connection_lost";
  if (media !== "ok") return `media_${media}`;
  return cutOff ? "server_cut_off" : null;
}
