import type { Dialogue } from "../core/dialogue";
import type {
  ApiError,
  CallEnd,
  CallHook,
  EndReason,
  MicrophoneInput,
  MicrophoneStatus,
  Quality,
  SessionEnd,
} from "../hooks";
import type { Admission, Knocker, OnlineUser, Participant, Room, User } from "../protocol";
import { ASKED, CLOUD, DIALOGUE, PRAISED, tutor, tutorParticipant } from "./dialogues";
import { ME, myself, people, person, room } from "./people";

/** What the mocked hooks return. A scenario states only the differences from a signed-in user's defaults. */
export interface Scenario {
  path: string;
  user?: User | null;
  sessionEnd?: SessionEnd;
  rooms?: Room[];
  roomsState?: "loading" | "error";
  online?: OnlineUser[];
  preview?: Room | null;
  admission?: Admission;
  previewError?: string;
  microphone?: MicrophoneStatus;
  input?: MicrophoneInput;
  call?: Partial<CallHook>;
  quality?: Quality;
  blocked?: boolean;
  isOnline?: boolean;
  isDetour?: boolean;
  /** Code of the error that loading failed with so far. */
  trouble?: string;
  isKept?: boolean;
  dialogue?: Dialogue;
  isHeld?: boolean;
  handsFree?: boolean;
  tutorOffer?: string[];
  history?: "empty" | "error" | "gone";
  /** Pressed in this order after the page has loaded, to reach the state. */
  click?: string[];
}

function inRoom(
  others: Participant[],
  call: Partial<CallHook> = {},
  change: Partial<Room> = {},
): Partial<CallHook> {
  const me = call.me ?? myself();
  const participants = [me, ...others];
  return { phase: "joined", me, participants, room: room("r1", { participants, ...change }), ...call };
}

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
  call: { phase: "knocking", knocking: { roomId: "r1", canBeAnswered } },
  click: ["text=Join the room"],
});
const AS_HOST = inRoom(FOUR, { isHost: true, isMuted: false }, { hostId: ME.id });

export const SCENARIOS: Record<string, Scenario> = {
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
  "room-host-menu": { path: "/rooms/r1", microphone: "ready", call: AS_HOST, click: ["aria=Room options"] },
  "room-invite": {
    path: "/rooms/r1",
    microphone: "ready",
    call: inRoom(FOUR, { isHost: true }, { hostId: ME.id, type: "private" }),
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
