import type {
  ChatLine,
  Knocker,
  Participant,
  Reaction,
  Room,
  ServerEvent,
  SlotState,
  Snapshot,
  Tutor,
} from "../protocol";
import { type ShownClub, shownClub } from "./club";

/** The last reaction of somebody. `key` is another one for each. */
export interface ShownReaction {
  reaction: Reaction;
  key: number;
}

export interface RoomState {
  room: Room;
  meId: string;
  /** Longest-present first. */
  participants: Participant[];
  slots: SlotState[];
  /** The people who wait at the door, in the order in which they knocked; empty for all but the host and co-hosts. */
  knocks: Knocker[];
  /** Oldest first. */
  chat: ChatLine[];
  /** Topics, and turns to speak. */
  club: ShownClub;
  /** By participant. They are shown for some seconds, and not kept over a new snapshot. */
  reactions: Readonly<Record<string, ShownReaction>>;
  dominantId: string | null;
}

/** `now`: of `performance.now()`, when it arrived. */
export function fromSnapshot(
  { participantId, room, slots, knocks, chat, club }: Snapshot,
  now: number = performance.now(),
): RoomState {
  return {
    room,
    meId: participantId,
    participants: ordered(room.participants),
    slots,
    knocks,
    chat,
    club: shownClub(club, now),
    reactions: {},
    dominantId: null,
  };
}

/** As many as the server keeps. */
const MAX_CHAT_LINES = 200;

/**
 * The state after a server event. Events that do not concern the room's state leave it unchanged. `now`: of
 * `performance.now()`, when it arrived.
 */
export function reduceRoom(state: RoomState, event: ServerEvent, now: number = performance.now()): RoomState {
  switch (event.name) {
    case "participant_joined":
    case "participant_updated":
      return withParticipant(state, event.participant);
    case "participant_left":
      return withoutParticipant(state, event.participantId);
    case "speaking":
      return withSpeaking(state, event.participantId, event.speaking);
    case "dominant_speaker":
      return { ...state, dominantId: event.participantId };
    case "slots":
    case "media_offer":
      return { ...state, slots: event.slots };
    case "chat_added":
      return { ...state, chat: [...state.chat, event.line].slice(-MAX_CHAT_LINES) };
    case "chat_deleted":
      return { ...state, chat: state.chat.filter(({ id }) => !event.lineIds.includes(id)) };
    case "reacted":
      return withReaction(state, event.participantId, { reaction: event.reaction, key: event.seq });
    case "club_updated":
      return { ...state, club: shownClub(event.club, now) };
    case "knocks":
      return { ...state, knocks: event.knocks };
    case "room_updated":
      return { ...state, room: event.room, participants: ordered(event.room.participants) };
    case "class_moved":
      return withTutor(state, { teaches: event.teaches });
    case "tutor_state":
      return withTutor(state, { state: event.state });
    default:
      return state;
  }
}

export function participantOf(state: RoomState, id: string | null): Participant | null {
  return state.participants.find((participant) => participant.id === id) ?? null;
}

/** Whether a participant whose audio is sent to us is talking now. */
export function hearsSomebody(state: RoomState): boolean {
  return state.slots.some(({ participantId }) => participantOf(state, participantId)?.isSpeaking);
}

/** The people whose hand is raised, in the order in which they raised it. */
export function raisedHands(participants: readonly Participant[]): Participant[] {
  const at = (one: Participant) => one.handRaisedAt ?? "";
  return participants.filter((one) => one.handRaised).sort((a, b) => at(a).localeCompare(at(b)));
}

export function isHost(state: RoomState): boolean {
  return participantOf(state, state.meId)?.userId === state.room.hostId;
}

/** Whether this person is the host or a co-host. */
export function isLeading(state: RoomState): boolean {
  return isHost(state) || state.room.cohostIds.includes(participantOf(state, state.meId)?.userId ?? "");
}

function withParticipant(state: RoomState, participant: Participant): RoomState {
  const others = state.participants.filter(({ id }) => id !== participant.id);
  return counted({ ...state, participants: ordered([...others, participant]) });
}

function withoutParticipant(state: RoomState, id: string): RoomState {
  const dominantId = state.dominantId === id ? null : state.dominantId;
  const { [id]: _gone, ...reactions } = state.reactions;
  const participants = state.participants.filter((p) => p.id !== id);
  return counted({ ...state, dominantId, reactions, participants });
}

function withReaction(state: RoomState, id: string, shown: ShownReaction): RoomState {
  return { ...state, reactions: { ...state.reactions, [id]: shown } };
}

function withSpeaking(state: RoomState, id: string, speaking: boolean): RoomState {
  const known = participantOf(state, id);
  if (!known || known.isSpeaking === speaking) return state;
  const participants = state.participants.map((p) => (p.id === id ? { ...p, isSpeaking: speaking } : p));
  return { ...state, participants };
}

function withTutor({ room, ...state }: RoomState, change: Partial<Tutor>): RoomState {
  return { ...state, room: { ...room, tutor: room.tutor && { ...room.tutor, ...change } } };
}

function counted(state: RoomState): RoomState {
  const participantCount = state.participants.filter(({ kind }) => kind === "person").length;
  return { ...state, room: { ...state.room, participantCount, participants: state.participants } };
}

function ordered(participants: Participant[]): Participant[] {
  return [...participants].sort((a, b) => a.joinedAt.localeCompare(b.joinedAt) || a.id.localeCompare(b.id));
}
