import type { ChatLine, Joined, ListedRoom, Participant, Problem, Room, Snapshot, Tutor } from "../protocol";

export function participant(change: Partial<Participant> = {}): Participant {
  const id = change.id ?? "p-me";
  return {
    id,
    userId: `u-${id}`,
    kind: "person",
    name: id,
    avatarUrl: "/api/avatars/g/x.svg",
    nativeLanguage: null,
    learningLevel: null,
    country: null,
    isMuted: true,
    isSpeaking: false,
    handRaised: false,
    handRaisedAt: null,
    heardByTutor: true,
    joinedAt: "2026-11-20T10:00:00.000Z",
    connection: "connected",
    isHidden: false,
    isBlocked: false,
    ...change,
  };
}

export function room(change: Partial<Room> = {}): Room {
  const participants = change.participants ?? [participant()];
  return {
    id: "r1",
    name: "Coffee talk",
    topic: "Travel",
    level: "B1",
    type: "public",
    language: "en",
    hostId: "u-p-me",
    isLocked: false,
    knockToEnter: false,
    maxParticipants: 12,
    participantCount: participants.length,
    participants,
    tags: [],
    tutor: null,
    cohostIds: [],
    chatOpen: true,
    linksAllowed: false,
    tutorAllowed: true,
    event: null,
    createdAt: "2026-11-20T09:00:00.000Z",
    ...change,
  };
}

export function chatLine(change: Partial<ChatLine> = {}): ChatLine {
  return {
    id: "l1",
    participantId: "p-ana",
    userId: "u-p-ana",
    name: "Ana",
    text: "Hello",
    at: "2026-11-20T10:00:00.000Z",
    ...change,
  };
}

export function listedRoom(change: Partial<ListedRoom> = {}): ListedRoom {
  const { hostId: _host, tutor: _tutor, participants, ...shown } = room();
  const people = participants.map(({ id, userId, kind, name, avatarUrl }) => ({
    id,
    userId,
    kind,
    name,
    avatarUrl,
  }));
  return { ...shown, participants: people, seatCount: people.length, ...change };
}

export function tutor(change: Partial<Tutor> = {}): Tutor {
  const local = { vendor: "local", isCloud: false };
  return {
    status: "ready",
    state: "idle",
    participantId: "p-tutor",
    name: "Emma",
    language: "en",
    level: "B1",
    topic: "Travel",
    voice: "en-gb",
    rate: 1,
    voices: [
      { id: "en-gb", name: "British", language: "en" },
      { id: "en-us", name: "American", language: "en" },
    ],
    engines: {
      stt: { name: "pocketsphinx", ...local },
      llm: { name: "scripted tutor", ...local },
      tts: { name: "espeak-ng", ...local },
    },
    fallbacks: [],
    captions: false,
    breaksSilence: false,
    knowledgeBase: null,
    teaches: null,
    conversationId: "c1",
    ...change,
  };
}

export function snapshot(change: Partial<Snapshot> = {}): Snapshot {
  const slots = [
    { mid: "1", participantId: null },
    { mid: "2", participantId: null },
  ];
  return {
    participantId: "p-me",
    seq: 0,
    room: room(),
    slots,
    knocks: [],
    chat: [],
    club: { topics: [], topicIndex: null, turns: null },
    ...change,
  };
}

export function joined(change: Partial<Joined> = {}): Joined {
  return {
    ...snapshot(change),
    resumeToken: "resume-token-0001",
    iceServers: [],
    offer: { id: "o1", sdp: "offer 1" },
    media: { red: false },
    nodeId: "n1",
    node: null,
    isSettling: false,
    ...change,
  };
}

export function refusal(code: string, change: Partial<Problem> = {}): { error: Problem } {
  const base = {
    type: "",
    title: code,
    status: 409,
    code,
    detail: code,
    retryable: false,
    errors: null,
    retryAfter: null,
    node: null,
    until: null,
    ban: null,
  };
  return { error: { ...base, ...change } };
}
