import type { CoachLine } from "../core/coach-state";
import type { Dialogue } from "../core/dialogue";
import type { PushState } from "../core/push";
import type {
  ApiError,
  CallEnd,
  CallHook,
  ClassHook,
  CoachHook,
  EndReason,
  MicrophoneInput,
  MicrophoneStatus,
  PasskeyProblem,
  Quality,
  SessionEnd,
  ShownClub,
  TalkHook,
} from "../hooks";
import type {
  Admission,
  BanNotice,
  ChatLine,
  Knocker,
  ListedRoom,
  OnlineUser,
  Participant,
  Room,
  Standing,
  User,
} from "../protocol";
import { ASKED, CLOUD, DIALOGUE, PRAISED, tutor, tutorParticipant } from "./dialogues";
import { BANNED, MODERATOR, MUTED } from "./moderation";
import { ME, myself, people, person, room } from "./people";

/** The values that the mocked hooks return. A scenario states only the differences from a signed-in user's defaults. */
export interface Scenario {
  path: string;
  user?: User | null;
  sessionEnd?: SessionEnd;
  rooms?: ListedRoom[];
  roomsState?: "loading" | "error";
  online?: OnlineUser[];
  preview?: Room | null;
  admission?: Admission;
  previewError?: string;
  microphone?: MicrophoneStatus;
  input?: MicrophoneInput;
  call?: Partial<CallHook>;
  lesson?: Partial<ClassHook>;
  coach?: Partial<CoachHook>;
  talk?: Partial<TalkHook>;
  quality?: Quality;
  blocked?: boolean;
  isOnline?: boolean;
  isDetour?: boolean;
  /** Code of the error that loading failed with so far. */
  trouble?: string;
  isKept?: boolean;
  hasAccount?: boolean;
  standing?: Standing;
  ban?: BanNotice;
  hasPeople?: boolean;
  passkeyProblem?: PasskeyProblem;
  dialogue?: Dialogue;
  isHeld?: boolean;
  handsFree?: boolean;
  tutorOffer?: string[];
  history?: "empty" | "error" | "gone";
  push?: PushState;
  /** Pressed in this order after the page has loaded, to reach the state. */
  click?: string[];
}

const BLOCKED = {
  name: "",
  isBlocked: true,
  nativeLanguage: null,
  learningLevel: null,
  country: null,
  isMuted: true,
} as const;
const KEPT_TALK: NonNullable<TalkHook["kept"]> = {
  userId: "me",
  lesson: { topic: "Food and cooking", level: "B1", language: "en" },
  roomId: "r1",
  sessionId: null,
  conversationId: "c1",
  continues: false,
};

/** The talk of which the tutor's last words are heard. */
const SPOKEN: Dialogue = { ...DIALOGUE, lines: DIALOGUE.lines.slice(0, 5) };

function talking(stance: TalkHook["stance"], change: Partial<TalkHook> = {}): Partial<TalkHook> {
  return { stage: "media", stance, isMuted: false, tutor: tutor(), dialogue: DIALOGUE, ...change };
}

function inRoom(
  others: Participant[],
  call: Partial<CallHook> = {},
  change: Partial<Room> = {},
): Partial<CallHook> {
  const me = call.me ?? myself();
  const participants = [me, ...others];
  const isLeading = call.isHost ?? false;
  return {
    phase: "joined",
    me,
    participants,
    isLeading,
    room: room("r1", { participants, ...change }),
    ...call,
  };
}

const ME_SEAT = myself().id;

/** A list of topics, of which one is shown, and a turn of 90 s. */
function club(topicIndex: number, participantId: string, leftS: number): ShownClub {
  const topics = [
    "A meal that you will never forget",
    "What would you change about the place where you live, if money did not matter?",
    "Travelling alone",
  ];
  const endsAt = performance.now() + leftS * 1_000;
  return { topics, topicIndex, turns: { order: "round", seconds: 90, number: 2, participantId, endsAt } };
}

const COACH: CoachHook["kept"] = {
  id: "s1",
  topic: "Travel in Vietnam",
  difficulty: "beginner",
  language: "vi",
};
const COACHED: CoachLine[] = [
  { id: 1, kind: "learner", text: "Hôm qua tôi mua hai con sách." },
  { id: 2, kind: "coach", text: "Hay quá! Bạn mua sách ở đâu?" },
  {
    id: 3,
    kind: "correction",
    original: "Hôm qua tôi mua hai con sách.",
    corrected: "Hôm qua tôi mua hai quyển sách.",
    explanation: "Books take the classifier “quyển”. “Con” is for animals.",
  },
];

const FOUR = [
  person(0, { isMuted: false, isSpeaking: true }),
  person(1, { handRaised: true, handRaisedAt: "2026-11-20T19:00:02.000Z" }),
  person(2, { isMuted: false }),
];
const FULL = people(11).map((one, index) => ({
  ...one,
  name: index === 6 ? "فاطمة الزهراء بنت عبد الرحمن" : one.name,
  isMuted: index % 3 !== 0,
  isSpeaking: index === 3,
  handRaised: index % 5 === 0,
  handRaisedAt: index % 5 === 0 ? `2026-11-20T19:00:1${9 - Math.floor(index / 5)}.000Z` : null,
  connection:
    index === 9
      ? ("leaving" as const)
      : index === 7
        ? ("disconnected" as const)
        : index === 8
          ? ("connecting" as const)
          : one.connection,
}));
const CHAT: ChatLine[] = [
  { by: 0, text: "How do you spell “thorough”?" },
  { by: 9, text: "t-h-o-r-o-u-g-h\nIt rhymes with “borough”, not with “through”." },
  { by: 9, text: "https://en.wiktionary.org/wiki/thorough" },
  { by: 2, text: "شكرا جزيلا" },
  { by: -1, text: "Cảm ơn! In Vietnamese we say “kỹ lưỡng”, which is easier to spell." },
  { by: 0, text: "Supercalifragilisticexpialidociousandsomemorelettersthatneverend" },
].map(({ by, text }, index) => {
  const { id, userId, name } = by < 0 ? myself() : person(by);
  return { id: `l${index}`, participantId: id, userId, name, text, at: `2026-11-20T19:0${index}:00.000Z` };
});
const REACTED = { "p-0": { reaction: "bravo", key: 1 }, "p-1": { reaction: "heart", key: 2 } } as const;
const practice = (change: Parameters<typeof tutor>[0] = {}, call: Partial<CallHook> = {}) =>
  inRoom([tutorParticipant()], call, { type: "ai", hostId: ME.id, tutor: tutor(change) });
const withTutor = (change: Parameters<typeof tutor>[0] = {}, call: Partial<CallHook> = {}) =>
  inRoom([...FOUR, tutorParticipant({ isSpeaking: true })], call, { hostId: ME.id, tutor: tutor(change) });
const ENDS: EndReason[] = [
  "left",
  "signed_out",
  "removed_by_host",
  "joined_elsewhere",
  "timed_out",
  "room_closed",
  "room_moved",
  "room_full",
  "room_locked",
  "invite_invalid",
  "removed_from_room",
  "room_not_found",
  "knock_declined",
  "knock_expired",
  "knock_queue_full",
  "error",
];
const ended = (reason: EndReason): CallEnd => ({ reason, problem: null });
const problem = (code: string) => code as ApiError["code"];
const knocker = (index: number): Knocker => {
  const { name, avatarUrl, learningLevel, country } = person(index);
  return { id: `k-${index}`, name, avatarUrl, learningLevel, country };
};
const door = (canBeAnswered: boolean): Scenario => ({
  path: "/rooms/r1",
  microphone: "ready",
  call: { phase: "knocking", knocking: { roomId: "r1", canBeAnswered, position: canBeAnswered ? 1 : 3 } },
  click: ["text=Join the room"],
});
const AS_HOST = inRoom(FOUR, { isHost: true, isMuted: false }, { hostId: ME.id });

export const SCENARIOS: Record<string, Scenario> = {
  privacy: { path: "/privacy" },
  houseRules: { path: "/rules" },
  banned: { path: "/rooms", ban: BANNED },
  bannedDevice: {
    path: "/",
    user: null,
    ban: { ...BANNED, scope: "device", until: null, reason: null, message: "", canObject: false },
  },
  bannedAddress: {
    path: "/",
    user: null,
    ban: { ...BANNED, scope: "address", reason: null, message: "", canObject: false },
  },
  mutedByModerator: { path: "/rooms/r1", standing: MUTED, call: inRoom([person(0), person(1)]) },
  moderation: { path: "/moderation", standing: MODERATOR },
  moderationInForce: { path: "/moderation", standing: MODERATOR, click: ["text=In force"] },
  moderationLog: { path: "/moderation", standing: MODERATOR, click: ["text=Log"] },
  moderationReport: { path: "/moderation/reports/x1", standing: MODERATOR },
  moderationBan: { path: "/moderation/reports/x1", standing: MODERATOR, click: ["text=Ban"] },
  moderationRefused: { path: "/moderation" },
  landing: { path: "/", user: null },
  "landing-not-kept": { path: "/", user: null, isKept: false },
  "landing-profile-gone": { path: "/", user: null, sessionEnd: "profile_gone" },
  "landing-form": { path: "/", user: null, click: ["text=optional"] },
  "landing-language": { path: "/", user: null, click: ["text=optional", "css=input[placeholder='Not set']"] },
  "landing-signed-in": { path: "/" },
  rooms: { path: "/rooms" },
  "rooms-filtered": { path: "/rooms?level=B1&level=B2" },
  "rooms-loading": { path: "/rooms", roomsState: "loading", rooms: [] },
  "rooms-empty": { path: "/rooms", rooms: [], online: [] },
  "rooms-none": { path: "/rooms?search=zzz", rooms: [] },
  "rooms-error": { path: "/rooms", roomsState: "error", rooms: [] },
  "rooms-trouble": { path: "/rooms", roomsState: "loading", rooms: [], trouble: "network" },
  "rooms-offline": { path: "/rooms", rooms: [], isOnline: false },
  "rooms-language": { path: "/rooms?language=fr", click: ["css=input[placeholder='Any language']"] },
  "rooms-menu": { path: "/rooms", click: ["aria=Your account: Thảo Nguyễn"] },
  "rooms-signed-out": { path: "/rooms", user: null },
  create: { path: "/rooms/new" },
  "create-errors": { path: "/rooms/new", click: ["text=Open the room"] },
  "create-ai": { path: "/rooms/new", click: ["text=AI tutor"] },
  "create-signed-out": { path: "/rooms/new", user: null },
  profile: { path: "/profile" },
  "profile-saved": { path: "/profile", click: ["text=Save"] },
  "profile-sign-out": { path: "/profile", click: ["css=section button[class*=danger]"] },
  "profile-insecure": { path: "/profile", passkeyProblem: "insecure" },
  "profile-address": { path: "/profile", passkeyProblem: "other_host" },
  "profile-kept": { path: "/profile", hasAccount: true },
  "profile-codes": { path: "/profile", hasAccount: true, click: ["text=Make new codes"] },
  "profile-device": { path: "/profile", hasAccount: true, click: ["text=Show a code"] },
  "profile-delete": { path: "/profile", click: ["text=Delete my profile"] },
  "sign-in": { path: "/sign-in", user: null },
  "sign-in-code": { path: "/sign-in#code=K7MPQ-2XWTH", user: null },
  "sign-in-merge": { path: "/sign-in#code=K7MPQ-2XWTH", click: ["css=form button[type=submit]"] },
  "sign-in-mail": { path: "/sign-in#mail=sixteen-letters-and-more", user: null },
  "sign-in-insecure": { path: "/sign-in", user: null, passkeyProblem: "insecure" },
  "not-found": { path: "/nowhere" },
  prejoin: { path: "/rooms/r1" },
  "prejoin-ready": { path: "/rooms/r1", microphone: "ready" },
  "prejoin-silent": { path: "/rooms/r1", microphone: "ready", input: "silent" },
  "prejoin-system-muted": { path: "/rooms/r1", microphone: "ready", input: "system_muted" },
  "prejoin-denied": { path: "/rooms/r1", microphone: "denied" },
  "prejoin-insecure": { path: "/rooms/r1", microphone: "insecure" },
  "prejoin-none": { path: "/rooms/r1", microphone: "none" },
  "prejoin-asking": { path: "/rooms/r1", microphone: "asking" },
  "prejoin-guest": { path: "/rooms/r1", user: null },
  "prejoin-full": { path: "/rooms/r1", preview: room("r1", { maxParticipants: 6 }, 6), admission: "full" },
  "prejoin-locked": {
    path: "/rooms/r1",
    preview: room("r1", { isLocked: true }, 3),
    admission: "locked",
    click: ["text=Tell me"],
  },
  "prejoin-empty": { path: "/rooms/r1", preview: room("r1", {}, 0) },
  "prejoin-ai": { path: "/rooms/r1", preview: room("r1", { type: "ai", tutor: tutor() }, 0) },
  "prejoin-tutor": { path: "/rooms/r1", preview: room("r1", { tutor: tutor({ engines: CLOUD }) }, 3) },
  "prejoin-shut": { path: "/rooms/r1", preview: null, previewError: problem("invite_invalid") },
  "room-alone": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom([], { isHost: true }, { hostId: ME.id }),
  },
  "room-two": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom([person(0, { isMuted: false, isSpeaking: true })], { dominantId: "p-0" }),
  },
  "room-four": { path: "/rooms/r1", microphone: "ready", call: inRoom(FOUR, { dominantId: "p-0" }) },
  "room-open-mic": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FOUR, { isMuted: false, me: myself({ isMuted: false, isSpeaking: true }) }),
  },
  "room-full": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FULL, { dominantId: "p-3" }, { isLocked: true }),
    quality: { level: "fair", rttMs: 180, jitterMs: 22, lossPct: 2.4 },
  },
  "room-hands": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FULL, { isHost: true }, { hostId: ME.id }),
    click: ["aria=3 raised hands"],
  },
  "room-club": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FULL, { club: club(2, person(0).id, 48) }),
  },
  "room-club-mine": {
    path: "/rooms/r1",
    microphone: "ready",
    call: withTutor({}, { club: club(0, ME_SEAT, 75) }),
  },
  "room-club-over": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(
      FOUR,
      { isHost: true, isLeading: true, club: club(1, person(1).id, -12) },
      { hostId: ME.id },
    ),
  },
  "room-host-panel": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FOUR, { isHost: true, isLeading: true }, { hostId: ME.id, knockToEnter: true }),
    click: ["aria=Room options", "text=Run the room"],
  },
  "room-host-panel-running": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(
      FULL,
      { isHost: true, isLeading: true, club: club(1, person(1).id, 30) },
      { hostId: ME.id, cohostIds: ["u-1"] },
    ),
    click: ["aria=Room options", "text=Run the room"],
  },
  "room-chat": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FOUR, { chat: CHAT, isChatOpen: true, reactions: REACTED }, { linksAllowed: true }),
  },
  "room-chat-empty": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FOUR, { isChatOpen: true }, { chatOpen: false }),
  },
  "room-chat-host": {
    path: "/rooms/r1",
    microphone: "ready",
    call: withTutor({}, { isHost: true, isLeading: true, chat: CHAT, isChatOpen: true }),
  },
  "room-unread": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FULL, { chat: CHAT, unread: 12, reactions: REACTED }, { cohostIds: ["u-1", "u-4"] }),
  },
  "room-react": { path: "/rooms/r1", microphone: "ready", call: inRoom(FOUR), click: ["text=React"] },
  "room-cohost": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FOUR, { isLeading: true }, { cohostIds: [ME.id] }),
    click: ["aria=Options for Aiko Tanaka"],
  },
  "room-listener": { path: "/rooms/r1", call: inRoom(FOUR) },
  "room-talking-muted": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FOUR, { isTalkingWhileMuted: true }),
  },
  "room-silent-microphone": {
    path: "/rooms/r1",
    microphone: "ready",
    input: "silent",
    call: inRoom(FOUR, { isMuted: false }),
  },
  "room-muted-by-host": { path: "/rooms/r1", microphone: "ready", call: inRoom(FOUR, { mutedByHost: true }) },
  "room-reconnecting": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FOUR, { phase: "reconnecting", isStale: true, notice: "server_restarting" }),
    quality: { level: "unknown" },
  },
  "room-unreachable": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FOUR, { notice: "media_unreachable" }),
  },
  "joining-detour": { path: "/rooms/r1", isDetour: true, call: { phase: "joining", room: room("r1") } },
  "joining-offline": { path: "/rooms/r1", isOnline: false, call: { phase: "joining", room: room("r1") } },
  "room-blocked": { path: "/rooms/r1", microphone: "ready", blocked: true, call: inRoom(FOUR) },
  "room-person-menu": {
    path: "/rooms/r1",
    microphone: "ready",
    call: AS_HOST,
    click: ["aria=Options for Mateo"],
  },
  "room-blocked-person": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom([...people(3), person(3, BLOCKED)]),
    click: ["aria=Options for Blocked person"],
  },
  "room-block": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FOUR),
    click: [`aria=Options for ${FOUR[0]?.name}`, "text=Block"],
  },
  "people-friends": { path: "/people", hasPeople: true },
  "people-nobody": { path: "/people" },
  "people-following": { path: "/people/following", hasPeople: true },
  "people-followers": { path: "/people/followers", hasPeople: true },
  "people-met": { path: "/people/met", hasPeople: true },
  "people-blocked": { path: "/people/blocked", hasPeople: true },
  "people-card": { path: "/people", hasPeople: true, click: ["text=Mateo"] },
  "room-card": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FOUR),
    hasPeople: true,
    click: ["aria=Options for Mateo", "text=Profile"],
  },
  "room-card-hidden": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FOUR),
    click: ["aria=Options for Mateo", "text=Profile"],
  },
  "room-remove": {
    path: "/rooms/r1",
    microphone: "ready",
    call: AS_HOST,
    click: ["aria=Options for Mateo", "text=Remove from the room"],
  },
  "room-knocks": {
    path: "/rooms/r1",
    microphone: "ready",
    call: { ...AS_HOST, knocks: [0, 9, 7].map(knocker) },
  },
  "room-removed-people": {
    path: "/rooms/r1",
    microphone: "ready",
    call: AS_HOST,
    click: ["aria=Room options", "text=Removed people"],
  },
  "room-edit": {
    path: "/rooms/r1",
    microphone: "ready",
    call: AS_HOST,
    click: ["aria=Room options", "text=Edit the room"],
  },
  "room-host-menu": { path: "/rooms/r1", microphone: "ready", call: AS_HOST, click: ["aria=Room options"] },
  "room-invite": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FOUR, { isHost: true }, { hostId: ME.id, type: "private" }),
    click: ["aria=Invite"],
  },
  "room-invite-friends": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FOUR, { isHost: true }, { hostId: ME.id, knockToEnter: true }),
    hasPeople: true,
    click: ["aria=Invite"],
  },
  "room-settings": { path: "/rooms/r1", microphone: "ready", call: AS_HOST, click: ["text=Settings"] },
  "room-quality": { path: "/rooms/r1", microphone: "ready", call: AS_HOST, click: ["aria=Good connection"] },
  "room-tutor": {
    path: "/rooms/r1",
    microphone: "ready",
    dialogue: DIALOGUE,
    call: withTutor({ state: "speaking" }),
  },
  "room-tutor-cloud": {
    path: "/rooms/r1",
    microphone: "ready",
    call: withTutor({ engines: CLOUD, fallbacks: ["Anthropic"] }, { me: myself({ heardByTutor: false }) }),
  },
  "room-tutor-starting": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FOUR, {}, { tutor: tutor({ status: "starting", participantId: null, engines: null }) }),
  },
  "room-tutor-options": {
    path: "/rooms/r1",
    microphone: "ready",
    dialogue: DIALOGUE,
    call: withTutor({ state: "thinking" }, { isHost: true }),
    click: ["aria=Tutor options"],
  },
  "room-tutor-menu": {
    path: "/rooms/r1",
    microphone: "ready",
    call: AS_HOST,
    click: ["aria=Room options", "text=Invite the AI tutor"],
  },
  practice: { path: "/practice" },
  "practice-own": { path: "/practice", click: ["text=Something else"] },
  "practice-untaught": { path: "/practice", tutorOffer: ["vi"] },
  "practice-signed-out": { path: "/practice", user: null },
  "room-practice": { path: "/rooms/r1", microphone: "ready", dialogue: DIALOGUE, call: practice() },
  "room-practice-asked": { path: "/rooms/r1", microphone: "ready", dialogue: ASKED, call: practice() },
  "room-practice-shown": {
    path: "/rooms/r1",
    microphone: "ready",
    dialogue: ASKED,
    call: practice(),
    click: ["text=Show answer"],
  },
  "room-practice-held": {
    path: "/rooms/r1",
    microphone: "ready",
    dialogue: DIALOGUE,
    isHeld: true,
    call: practice({ state: "listening" }, { isMuted: false }),
  },
  "room-practice-free": {
    path: "/rooms/r1",
    microphone: "ready",
    dialogue: PRAISED,
    handsFree: true,
    call: practice({ state: "speaking", engines: CLOUD, fallbacks: ["Anthropic"] }),
  },
  "room-practice-starting": {
    path: "/rooms/r1",
    call: practice({ status: "starting", engines: null, participantId: null }),
  },
  "room-practice-lost": { path: "/rooms/r1", dialogue: DIALOGUE, call: practice({ status: "lost" }) },
  "room-practice-unavailable": {
    path: "/rooms/r1",
    call: practice({ status: "unavailable", engines: null }),
  },
  "room-practice-resting": { path: "/rooms/r1", dialogue: DIALOGUE, call: practice({ status: "resting" }) },
  "room-practice-untaught": {
    path: "/rooms/r1",
    call: practice({ status: "untaught", language: "de", engines: null }),
  },
  "room-practice-deaf": {
    path: "/rooms/r1",
    microphone: "ready",
    call: practice({ language: "vi", engines: { ...CLOUD, stt: null, tts: null } }),
  },
  "room-practice-unheard": {
    path: "/rooms/r1",
    microphone: "ready",
    dialogue: DIALOGUE,
    call: practice({}, { me: myself({ heardByTutor: false }) }),
  },
  "room-practice-topic": {
    path: "/rooms/r1",
    microphone: "ready",
    dialogue: DIALOGUE,
    call: practice(),
    click: ["text=Food and cooking"],
  },
  "room-practice-options": {
    path: "/rooms/r1",
    microphone: "ready",
    dialogue: DIALOGUE,
    call: practice(),
    click: ["aria=Tutor options"],
  },
  "room-practice-reconnecting": {
    path: "/rooms/r1",
    microphone: "ready",
    dialogue: DIALOGUE,
    call: practice({}, { phase: "reconnecting", isStale: true, notice: "connection_lost" }),
  },
  "practice-goal": { path: "/practice", click: ["text=Change the goal"] },
  mistakes: { path: "/practice/mistakes" },
  "mistakes-sentences": { path: "/practice/mistakes", click: ["text=Sentences"] },
  "mistakes-empty": { path: "/practice/mistakes", history: "empty" },
  courses: { path: "/courses" },
  "courses-empty": { path: "/courses", history: "empty" },
  class: { path: "/courses/1/0/1" },
  "class-teaching": { path: "/courses/1/0/1", lesson: { phase: "teaching", sentence: 3, sound: "lesson" } },
  "class-asking": {
    path: "/courses/1/0/1",
    lesson: {
      phase: "teaching",
      sentence: 3,
      isMicrophoneOn: true,
      isListening: true,
      microphone: "ready",
      isHeard: true,
      partial: "and what does reply",
      talk: [{ id: 1, asked: null, said: "What does so mean here?", answer: "It means: for that reason." }],
    },
  },
  "class-lost": {
    path: "/courses/1/0/1",
    lesson: { phase: "connecting", sentence: 3, trouble: { kind: "lost", text: "" }, microphone: "denied" },
  },
  "class-finished": { path: "/courses/1/0/1", lesson: { phase: "finished", sentence: 5 } },
  "class-gone": { path: "/courses/1/0/1", history: "gone" },
  talk: { path: "/talk" },
  "talk-kept": { path: "/talk", talk: { kept: KEPT_TALK } },
  "talk-options": { path: "/talk", click: ["text=Topic, level, language"] },
  "talk-untaught": { path: "/talk", tutorOffer: ["vi", "de"] },
  "talk-signed-out": { path: "/talk", user: null },
  "talk-asking": {
    path: "/talk",
    microphone: "asking",
    talk: { stage: "asking", stance: "connecting", tutor: null, dialogue: { lines: [], praise: null } },
  },
  "talk-listening": { path: "/talk", talk: talking("listening", { dialogue: PRAISED }) },
  "talk-hearing": { path: "/talk", talk: talking("hearing") },
  "talk-thinking": { path: "/talk", talk: talking("thinking", { dialogue: ASKED }) },
  "talk-speaking": { path: "/talk", talk: talking("speaking", { dialogue: SPOKEN }) },
  "talk-muted": { path: "/talk", talk: talking("muted", { isMuted: true, dialogue: PRAISED }) },
  "talk-held": { path: "/talk", talk: talking("listening", { isHeld: true, dialogue: PRAISED }) },
  "talk-reconnecting": { path: "/talk", talk: talking("reconnecting", { dialogue: SPOKEN }) },
  "talk-switching": { path: "/talk", talk: talking("switching", { stage: "switching", dialogue: SPOKEN }) },
  "talk-switched": {
    path: "/talk",
    talk: talking("speaking", { stage: "socket", hasSwitched: true, dialogue: SPOKEN }),
  },
  "talk-resting": {
    path: "/talk",
    talk: talking("waiting", { tutor: tutor({ status: "resting" }), dialogue: PRAISED }),
  },
  "talk-deaf": {
    path: "/talk",
    talk: talking("deaf", {
      isMuted: true,
      tutor: tutor({ language: "vi", engines: { ...CLOUD, stt: null } }),
      dialogue: PRAISED,
    }),
  },
  "talk-denied": {
    path: "/talk",
    microphone: "denied",
    talk: talking("muted", { isMuted: true, dialogue: PRAISED }),
  },
  "talk-blocked": { path: "/talk", blocked: true, talk: talking("speaking", { dialogue: SPOKEN }) },
  "talk-typing": {
    path: "/talk",
    talk: talking("listening", { dialogue: SPOKEN }),
    click: ["aria=Type instead of speaking"],
  },
  "talk-transcript": { path: "/talk", talk: talking("speaking"), click: ["aria=Transcript"] },
  "talk-ended": { path: "/talk", talk: { stage: "ended", conversationId: "c1", dialogue: SPOKEN } },
  "talk-failed": {
    path: "/talk",
    talk: { stage: "failed", stance: "failed", trouble: { kind: "unreachable" }, kept: KEPT_TALK },
  },
  "talk-refused": {
    path: "/talk",
    talk: { stage: "failed", stance: "failed", error: { code: "too_many_tutors" } },
  },
  coach: { path: "/coach" },
  "coach-kept": { path: "/coach", coach: { kept: COACH } },
  "coach-ready": { path: "/coach", coach: { kept: COACH, phase: "ready", lines: COACHED } },
  "coach-begin": { path: "/coach", coach: { kept: COACH, phase: "connecting" } },
  "coach-recording": {
    path: "/coach",
    coach: { kept: COACH, phase: "recording", lines: COACHED, partial: "Hôm qua tôi" },
  },
  "coach-speaking": {
    path: "/coach",
    coach: { kept: COACH, phase: "speaking", lines: COACHED.slice(0, 2), isReplying: true },
  },
  "coach-lost": {
    path: "/coach",
    microphone: "denied",
    coach: { kept: COACH, phase: "connecting", lines: COACHED, trouble: { kind: "lost", text: "" } },
  },
  "coach-failed": {
    path: "/coach",
    coach: {
      kept: COACH,
      phase: "failed",
      trouble: { kind: "refused", text: "Pages of this origin may not use this server." },
    },
  },
  "coach-typing": {
    path: "/coach",
    coach: { kept: COACH, phase: "ready", lines: COACHED, correction: "right" },
    click: ["text=Type instead"],
  },
  "coach-deaf": {
    path: "/coach",
    coach: {
      kept: COACH,
      phase: "ready",
      lines: COACHED.slice(0, 2),
      hears: false,
      engines: { stt: null, llm: { name: "scripted tutor", vendor: "local", isCloud: false }, tts: null },
    },
  },
  "coach-broken": {
    path: "/coach",
    coach: {
      kept: COACH,
      phase: "failed",
      lines: COACHED,
      trouble: { kind: "broken", text: "There is no tutor for this language." },
    },
  },
  "coach-idle": {
    path: "/coach",
    coach: { kept: COACH, phase: "failed", lines: COACHED, trouble: { kind: "idle", text: "" } },
  },
  "coach-ended": { path: "/coach", coach: { phase: "ended", lines: COACHED, conversationId: "c1" } },
  documents: { path: "/practice/documents" },
  "documents-open": {
    path: "/practice/documents",
    click: ["text=Show documents", "text=Find the answer"],
  },
  "documents-empty": { path: "/practice/documents", history: "empty" },
  words: { path: "/practice/words" },
  "words-review": { path: "/practice/words", click: ["text=Start the review"] },
  "words-delete": { path: "/practice/words", click: ["text=Delete all words"] },
  "words-empty": { path: "/practice/words", history: "empty" },
  memory: { path: "/practice/memory" },
  "memory-edit": {
    path: "/practice/memory",
    click: ["aria=Change what Emma remembers of: Free conversation, Nov 18, 2026"],
  },
  "memory-delete": { path: "/practice/memory", click: ["text=Delete everything here"] },
  "memory-empty": { path: "/practice/memory", history: "empty" },
  progress: { path: "/progress" },
  notices: { path: "/notices" },
  "notices-on": { path: "/notices", push: "on" },
  "notices-denied": { path: "/notices", push: "denied", history: "empty" },
  "progress-empty": { path: "/progress", history: "empty" },
  history: { path: "/practice/history" },
  "history-table": { path: "/practice/history", click: ["text=Show the numbers"] },
  "history-empty": { path: "/practice/history", history: "empty" },
  "history-error": { path: "/practice/history", history: "error" },
  "conversation-one": { path: "/practice/history/c1" },
  "conversation-delete": { path: "/practice/history/c1", click: ["text=Delete this conversation"] },
  "conversation-gone": { path: "/practice/history/c1", history: "gone" },
  "prejoin-knock": { path: "/rooms/r1", preview: room("r1", { knockToEnter: true }, 4), admission: "knock" },
  "door-waiting": door(true),
  "door-nobody": door(false),
  joining: { path: "/rooms/r1", call: { phase: "joining", room: room("r1") } },
  "end-practice": {
    path: "/rooms/r1",
    microphone: "ready",
    call: {
      phase: "ended",
      end: ended("left"),
      room: room("r1", { type: "ai", hostId: ME.id, tutor: tutor() }),
    },
    click: ["text=Join the room"],
  },
  ...Object.fromEntries(
    ENDS.map((reason): [string, Scenario] => [
      `end-${reason}`,
      {
        path: "/rooms/r1",
        microphone: "ready",
        call: { phase: "ended", end: ended(reason) },
        click: ["text=Join the room"],
      },
    ]),
  ),
};
