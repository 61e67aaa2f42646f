import type { Knocker, Participant, Room, ServerEvent, SlotState, Snapshot, TutorState } from "../protocol";

export interface RoomState {
  room: Room;
  meId: string;
  /** Longest-present first. */
  participants: Participant[];
  slots: SlotState[];
  /** Who waits at the door, in the order in which they knocked; empty for all but the host. */
  knocks: Knocker[];
  dominantId: string | null;
}

export function fromSnapshot({ participantId, room, slots, knocks }: Snapshot): RoomState {
  return {
    room,
    meId: participantId,
    participants: ordered(room.participants),
    slots,
    knocks,
    dominantId: null,
  };
}

/** The state after a server event. Events that do not concern the room's state leave it unchanged. */
export function reduceRoom(state: RoomState, event: ServerEvent): RoomState {
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
    case "knocks":
      return { ...state, knocks: event.knocks };
    case "room_updated":
      return { ...state, room: event.room, participants: ordered(event.room.participants) };
    case "tutor_state":
      return withTutorState(state, event.state);
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

/** Those whose hand is raised, in the order in which they raised it. */
export function raisedHands(participants: readonly Participant[]): Participant[] {
  const at = (one: Participant) => one.handRaisedAt ?? "";
  return participants.filter((one) => one.handRaised).sort((a, b) => at(a).localeCompare(at(b)));
}

export function isHost(state: RoomState): boolean {
  return participantOf(state, state.meId)?.userId === state.room.hostId;
}

function withParticipant(state: RoomState, participant: Participant): RoomState {
  const others = state.participants.filter(({ id }) => id !== participant.id);
  return counted({ ...state, participants: ordered([...others, participant]) });
}

function withoutParticipant(state: RoomState, id: string): RoomState {
  const dominantId = state.dominantId === id ? null : state.dominantId;
  return counted({ ...state, dominantId, participants: state.participants.filter((p) => p.id !== id) });
}

function withSpeaking(state: RoomState, id: string, speaking: boolean): RoomState {
  const known = participantOf(state, id);
  if (!known || known.isSpeaking === speaking) return state;
  const participants = state.participants.map((p) => (p.id === id ? { ...p, isSpeaking: speaking } : p));
  return { ...state, participants };
}

function withTutorState({ room, ...state }: RoomState, now: TutorState): RoomState {
  return { ...state, room: { ...room, tutor: room.tutor && { ...room.tutor, state: now } } };
}

function counted(state: RoomState): RoomState {
  const participantCount = state.participants.filter(({ kind }) => kind === "person").length;
  return { ...state, room: { ...state.room, participantCount, participants: state.participants } };
}

function ordered(participants: Participant[]): Participant[] {
  return [...participants].sort((a, b) => a.joinedAt.localeCompare(b.joinedAt) || a.id.localeCompare(b.id));
}
