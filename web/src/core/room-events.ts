import type {
  ChatLine,
  Participant,
  ParticipantLeft,
  ParticipantUpdated,
  Problem,
  Reaction,
  Room,
  ServerEvent,
} from "../protocol";
import { isHost, isLeading, participantOf, type RoomState } from "./room-state";

export type RoomEventType =
  | "joined"
  | "left"
  | "muted"
  | "unmuted"
  | "hand"
  | "hand_down"
  | "your_hand_lowered_by_host"
  | "your_hand_spoken"
  | "your_floor"
  | "host"
  | "you_are_host"
  | "you_muted_by_host"
  | "you_muted"
  | "you_unmuted"
  | "locked"
  | "unlocked"
  | "knock_on"
  | "knock_off"
  | "chat"
  | "reaction"
  | "cohost"
  | "you_are_cohost"
  | "you_are_no_cohost"
  | "edited"
  | "chat_on"
  | "chat_off"
  | "disconnected"
  | "reconnected"
  | "leaving"
  | "gone"
  | "refused";

/**
 * `leaving`: the page closed or reloads; `left` follows unless it comes back. `gone`: left after a lost connection.
 * `participant` is null for events of the room itself, and for `refused`, which carries the problem.
 */
export interface RoomEvent {
  type: RoomEventType;
  participant: Participant | null;
  problem?: Problem;
  /** Of `chat`, whose participant is null once its author has left. */
  line?: ChatLine;
  /** Of `edited`: as it is now. */
  room?: Room;
  /** Of `reaction`. */
  reaction?: Reaction;
}

/**
 * The announcement to this person after a server event; none about people whom they have blocked. Their own actions are left out, except for their microphone:
 * a shortcut changes it silently, and someone who cannot see the button has to know.
 */
export function roomEvents(before: RoomState, after: RoomState, event: ServerEvent): RoomEvent[] {
  switch (event.name) {
    case "participant_joined":
      return known(before, event.participant.id) ? [] : aboutOthers(after, "joined", event.participant);
    case "participant_left":
      return ofLeft(before, after, event);
    case "participant_updated":
      return ofUpdate(before, after, event);
    case "chat_added":
      return ofLine(after, event.line);
    case "reacted": {
      const who = participantOf(after, event.participantId);
      return aboutOthers(after, "reaction", who).map((one) => ({ ...one, reaction: event.reaction }));
    }
    case "room_updated":
      return ofRoom(before, after);
    default:
      return [];
  }
}

/** Someone whose lost connection was announced is not announced as leaving, too, but as not coming back. */
function ofLeft(
  before: RoomState,
  after: RoomState,
  { participantId, reason }: ParticipantLeft,
): RoomEvent[] {
  const who = participantOf(before, participantId);
  const wasLost = reason === "timed_out" && who?.connection === "disconnected";
  return aboutOthers(after, wasLost ? "gone" : "left", who);
}

function ofUpdate(before: RoomState, after: RoomState, event: ParticipantUpdated): RoomEvent[] {
  const now = event.participant;
  const was = participantOf(before, now.id);
  if (now.id === after.meId) return ofMine(was, event);
  if (!was || was.isBlocked || now.isBlocked) return [];
  const types: RoomEventType[] = [];
  if (was.isMuted !== now.isMuted) types.push(now.isMuted ? "muted" : "unmuted");
  if (was.handRaised !== now.handRaised) types.push(now.handRaised ? "hand" : "hand_down");
  if (was.connection === "connected" && now.connection === "disconnected") types.push("disconnected");
  if (was.connection !== "leaving" && now.connection === "leaving") types.push("leaving");
  if (was.connection === "disconnected" && isBack(now)) types.push("reconnected");
  return types.map((type) => ({ type, participant: now }));
}

/** Someone who joins again is connecting first, and then no longer known as lost. */
function isBack({ connection }: Participant): boolean {
  return connection === "connecting" || connection === "connected";
}

const HAND_LOWERED = {
  by_host: "your_hand_lowered_by_host",
  spoken: "your_hand_spoken",
  floor: "your_floor",
} as const;

function ofMine(was: Participant | null, event: ParticipantUpdated): RoomEvent[] {
  const now = event.participant;
  if (event.mutedByHost) return [{ type: "you_muted_by_host", participant: now }];
  if (event.handLowered) return [{ type: HAND_LOWERED[event.handLowered], participant: now }];
  if (!was || was.isMuted === now.isMuted) return [];
  return [{ type: now.isMuted ? "you_muted" : "you_unmuted", participant: now }];
}

function ofLine(state: RoomState, line: ChatLine): RoomEvent[] {
  const isMine = participantOf(state, state.meId)?.userId === line.userId;
  return isMine ? [] : [{ type: "chat", participant: participantOf(state, line.participantId), line }];
}

/** The members of a room that lists show; the others change with every person who comes. */
const ABOUT = ["name", "topic", "level", "language", "maxParticipants"] as const;

function ofRoom(before: RoomState, after: RoomState): RoomEvent[] {
  const events: RoomEvent[] = [];
  if (before.room.isLocked !== after.room.isLocked) {
    events.push({ type: after.room.isLocked ? "locked" : "unlocked", participant: null });
  }
  if (before.room.knockToEnter !== after.room.knockToEnter) {
    events.push({ type: after.room.knockToEnter ? "knock_on" : "knock_off", participant: null });
  }
  if (before.room.hostId !== after.room.hostId) {
    const host = after.participants.find(({ userId }) => userId === after.room.hostId) ?? null;
    events.push({ type: isHost(after) ? "you_are_host" : "host", participant: host });
  }
  if (ABOUT.some((part) => before.room[part] !== after.room[part]))
    events.push({ type: "edited", participant: null, room: after.room });
  if (before.room.chatOpen !== after.room.chatOpen)
    events.push({ type: after.room.chatOpen ? "chat_on" : "chat_off", participant: null });
  return [...events, ...ofCohosts(before, after)];
}

function ofCohosts(before: RoomState, after: RoomState): RoomEvent[] {
  const events: RoomEvent[] = [];
  const me = participantOf(after, after.meId)?.userId;
  for (const userId of after.room.cohostIds) {
    if (before.room.cohostIds.includes(userId)) continue;
    const participant = after.participants.find((one) => one.userId === userId) ?? null;
    events.push({ type: userId === me ? "you_are_cohost" : "cohost", participant });
  }
  const wasMine = me !== undefined && before.room.cohostIds.includes(me);
  if (wasMine && !isLeading(after)) events.push({ type: "you_are_no_cohost", participant: null });
  return events;
}

function aboutOthers(state: RoomState, type: RoomEventType, participant: Participant | null): RoomEvent[] {
  const isSilent = !participant || participant.isBlocked || participant.id === state.meId;
  return isSilent ? [] : [{ type, participant }];
}

function known(state: RoomState, id: string): boolean {
  return participantOf(state, id) !== null;
}
