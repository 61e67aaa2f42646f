/** What the core shows to the hooks and pages. Wire shapes are in `protocol/`. */

import type { InviteState, Level, Participant, Problem, Room } from "../protocol";

export type SessionStatus = "loading" | "signed-out" | "signed-in";

export type CallPhase = "idle" | "joining" | "joined" | "reconnecting" | "ended";

export type EndReason =
  | "left"
  | "removed_by_host"
  | "joined_elsewhere"
  | "timed_out"
  | "room_closed"
  | "room_full"
  | "room_locked"
  | "invite_invalid"
  | "removed_from_room"
  | "room_not_found"
  | "error";

export interface CallEnd {
  reason: EndReason;
  problem: Problem | null;
}

export type CallNotice = "server_restarting" | "connection_lost" | "media_lost";

export interface JoinRequest {
  roomId: string;
  invite?: string;
}

/** Actions that cannot be done are told through `useRoomEvents` (type `refused`), never thrown, unless they return a promise. */
export interface CallActions {
  /** Resolves once joined or ended; look at `phase` and `end`. Never rejects. */
  join(request: JoinRequest): Promise<void>;
  leave(): Promise<void>;
  setMuted(muted: boolean): void;
  toggleMute(): void;
  setHand(raised: boolean): void;
  mute(participantId: string): void;
  remove(participantId: string): void;
  transferHost(participantId: string): void;
  setLocked(locked: boolean): void;
  closeRoom(): void;
  /** Rejects with ApiError. */
  getInvite(): Promise<InviteState>;
  renewInvite(): Promise<InviteState>;
  /** After `ended`: join the same room again. While reconnecting: try at once. */
  retry(): void;
  /** From `ended` back to `idle`, when the room's page is left. */
  reset(): void;
  /** This tab was in the room a moment ago (a reload) and its seat is kept: join without asking again. */
  canResume(roomId: string): boolean;
}

export interface CallView {
  phase: CallPhase;
  end: CallEnd | null;
  notice: CallNotice | null;
  room: Room | null;
  me: Participant | null;
  /** Everyone with a seat, me included, longest-present first. */
  participants: Participant[];
  isHost: boolean;
  dominantId: string | null;
  isMuted: boolean;
  isTalkingWhileMuted: boolean;
  /** The host muted me, and I have not unmuted since. */
  mutedByHost: boolean;
}

export type MicrophoneStatus = "idle" | "asking" | "ready" | "denied" | "none" | "error";

export type QualityLevel = "good" | "fair" | "poor" | "unknown";

export interface Quality {
  level: QualityLevel;
  rttMs?: number;
  jitterMs?: number;
  /** Of the worse direction, 0 to 100. */
  lossPct?: number;
}

export type RoomEventType =
  | "joined"
  | "left"
  | "muted"
  | "unmuted"
  | "hand"
  | "hand_down"
  | "host"
  | "you_are_host"
  | "you_muted_by_host"
  | "you_muted"
  | "you_unmuted"
  | "locked"
  | "unlocked"
  | "disconnected"
  | "reconnected"
  | "refused";

/** `participant` is null for events of the room itself, and for `refused`, which carries the problem. */
export interface RoomEvent {
  type: RoomEventType;
  participant: Participant | null;
  problem?: Problem;
}

export interface RoomQuery {
  levels: Level[];
  search: string;
  sort: "participants" | "newest";
  language?: string;
}

export type AnnouncementKind = "joins" | "leaves" | "mutes" | "hands";
export type Locale = "en" | "vi";
