/**
 * Replaces `src/hooks` in the gallery, so that every state of every page can be shown and checked by axe without a
 * server or a microphone. Never part of the product's build.
 */
import { useEffect, useState } from "react";
import { create } from "zustand";
import { ApiError, noAnswer, problem } from "../core/api-error";
import type { RoomAction } from "../core/call";
import { IDLE as IDLE_STATE, viewOf } from "../core/call-state";
import { NO_COACH } from "../core/coach-state";
import { EMPTY_DIALOGUE } from "../core/dialogue";
import type { Quality } from "../core/media-stats";
import type { RoomEvent } from "../core/room-events";
import type { AnnouncementKind, Locale } from "../core/settings";
import { NO_TALK, viewOfTalk } from "../core/talk-state";
import type {
  AccountActions,
  CallHook,
  CoachHook,
  ConversationsHook,
  HoldHook,
  MessagePlayerHook,
  MicrophoneHook,
  ModerationActions,
  NoticeSettingsHook,
  PeopleActions,
  PeopleList,
  PlaybackHook,
  RecognitionHook,
  RoomPreviewHook,
  RoomsHook,
  SafetyActions,
  SessionHook,
  SettingsHook,
  SignInActions,
  TalkHook,
} from "../hooks";
import type { ClientAck, User } from "../protocol";
import { GUEST, KEPT, RECOVERY_CODES } from "./accounts";
import { CLASS, COURSES, HEARD, lesson } from "./courses";
import { CONVERSATION, CONVERSATIONS, idle, PROGRESS } from "./dialogues";
import { BASES, DOCUMENTS, FOUND } from "./documents";
import {
  ACCURACY,
  ACHIEVEMENTS,
  LAST_WEEK,
  MEMORY,
  MISTAKE,
  MISTAKES,
  NO_ACHIEVEMENTS,
  NO_STREAK,
  NOTICES,
  STREAK,
  SUMMARY,
  WEEK_GOAL,
  WORD_LIST,
  WORD_REVIEWS,
} from "./learning";
import { DETAIL, LOG, REPORTS, SANCTIONS, STANDING } from "./moderation";
import { CARD, LISTED_PEOPLE, ME, ONLINE, ROOMS, room } from "./people";
import { SCENARIOS, type Scenario } from "./scenarios";

export type { CallEnd, CallNotice, CallPhase, CallView, EndReason } from "../core/call-state";
export { type Dialogue, type DialogueLine, linesOf, TUTOR } from "../core/dialogue";
export type { Quality, QualityLevel } from "../core/media-stats";
export type { MicrophoneStatus } from "../core/microphone";
export type {
  CallHook,
  MicrophoneHook,
  PlaybackHook,
  RoomPreviewHook,
  RoomsHook,
  SessionHook,
  SettingsHook,
} from "../hooks";
export * from "../hooks/core";
export { queryClient } from "../hooks/query-client";

const params = new URLSearchParams(window.location.search);
const scenario: Scenario = SCENARIOS[params.get("scenario") ?? "rooms"] ?? { path: "/" };
Object.assign(window, { __scenarios: SCENARIOS });
const nothing = () => {};
const later = () => Promise.resolve();

function refusal(code: string): ApiError {
  return new ApiError({
    type: "about:blank",
    title: code,
    status: 403,
    code,
    detail: code,
    retryable: false,
    errors: null,
    retryAfter: null,
    node: null,
    until: null,
    ban: null,
  });
}

const useStore = create<{ user: User | null; locale: Locale | null }>(() => ({
  user: scenario.user === undefined ? ME : scenario.user,
  locale: params.get("lng") === "vi" ? "vi" : "en",
}));

export function useSession(): SessionHook {
  const { user } = useStore();
  const change = (patch: Partial<User>) => {
    const next = { ...(user ?? ME), ...patch };
    useStore.setState({ user: next });
    return Promise.resolve(next);
  };
  return {
    status: user ? "signed-in" : "signed-out",
    user,
    end: scenario.sessionEnd ?? null,
    ban: scenario.ban ?? null,
    refresh: later,
    acceptRules: () => change({ acceptedRules: true }),
    signIn: (guest) => change({ name: guest.name }),
    signOut: () => useStore.setState({ user: null }),
    updateProfile: (patch) => change(patch as Partial<User>),
    uploadAvatar: () => change({}),
    removeAvatar: () => change({}),
  };
}

export const useStanding = () => scenario.standing ?? STANDING;
export const useSafetyActions = (): SafetyActions => ({ report: later, acknowledge: later, object: later });
export const usePrivacyFacts = () => ({
  data: { contact: "hello@example.org", guestDays: 180, audioDays: 90, reportDays: 180, decisionDays: 365 },
});
const pages = <P>(page: P) => ({ pages: [page], error: null, hasMore: true, loadMore: nothing });
export const useReports = () => pages(REPORTS);
export const useSanctions = () => pages(SANCTIONS);
export const useModerationLog = () => pages(LOG);
export const useReport = () => ({ data: DETAIL, error: null });
export const useModerationActions = (): ModerationActions => ({ decide: later, dismiss: later, undo: later });
export const useAccount = () => ({ data: scenario.hasAccount ? KEPT : GUEST, error: null });
export const useAccountActions = (): AccountActions => ({
  addPasskey: async () => true,
  addMail: later,
  removeSignIn: later,
  endSession: later,
  endOtherSessions: later,
  makeRecoveryCodes: async () => RECOVERY_CODES,
  makeDeviceCode: async () => ({ code: "K7MPQ-2XWTH", expiresIn: 600 }),
  prepareExport: async () => "#",
  deleteAll: later,
});
export const useSignInMethods = () => ({ passkeyHost: "localhost", email: true, provider: "Example" });
export const usePasskeyProblem = () => ({ problem: scenario.passkeyProblem ?? null, host: "localhost" });
export const useSignIn = (): SignInActions => ({
  byPasskey: async () => null,
  byCode: async () => ({ guest: { name: "Thảo", token: "t" } }),
  askMail: later,
  byMail: async () => ({ guest: null }),
  toProvider: later,
  byProvider: async () => ({ guest: null }),
  bringAlong: later,
  leaveBehind: later,
});

export const usePeople = (list: PeopleList) => ({
  people: scenario.hasPeople ? listed(list) : [],
  isLoading: false,
  error: null,
  hasMore: false,
  loadMore: nothing,
});
function listed(list: PeopleList) {
  if (list === "online") return LISTED_PEOPLE.filter(({ isOnline }) => isOnline);
  if (list === "met") return LISTED_PEOPLE.map((one) => ({ ...one, roomName: "Coffee and small talk" }));
  return LISTED_PEOPLE;
}
function refused(code: string): ApiError {
  return new ApiError(problem(code, 404, "", false));
}
export const usePerson = () => ({
  data: scenario.hasPeople ? CARD : undefined,
  error: scenario.hasPeople ? null : refused("user_not_found"),
});
export const usePeopleActions = (): PeopleActions => ({
  follow: later,
  unfollow: later,
  removeFollower: later,
  setNote: later,
  forgetMet: later,
  invite: later,
  block: later,
  unblock: later,
});

export function useTutorOffer(): string[] | null {
  return scenario.tutorOffer ?? null;
}

export function useRooms(): RoomsHook {
  return {
    rooms: scenario.rooms ?? ROOMS,
    isLoading: scenario.roomsState === "loading",
    error: scenario.roomsState === "error" ? noAnswer("network") : null,
    refetch: nothing,
    hasMore: scenario.rooms === undefined,
    loadMore: nothing,
    isLive: true,
  };
}

export function useRoomPreview(): RoomPreviewHook {
  const error = scenario.previewError ? refusal(scenario.previewError) : null;
  const shown = scenario.preview === undefined ? room("r1", { type: "private" }, 4) : scenario.preview;
  return {
    room: shown && { ...shown, admission: scenario.admission ?? "open", node: null },
    isLoading: false,
    error,
    refetch: nothing,
  };
}

export function useOnlineUsers() {
  const users = scenario.user === null ? [] : (scenario.online ?? ONLINE);
  return { count: users.length === 0 ? 0 : users.length + 7, users };
}

const DEVICES = ["MacBook Pro Microphone", "Jabra Evolve 65"].map(
  (label, index) => ({ deviceId: `d${index}`, kind: "audioinput", label, groupId: "" }) as MediaDeviceInfo,
);

export function useMicrophone(): MicrophoneHook {
  return {
    status: scenario.microphone ?? (scenario.call?.phase === "ended" ? "ready" : "idle"),
    devices: DEVICES,
    deviceId: "d0",
    input: scenario.input ?? "sound",
    start: later,
    resume: later,
    startAgain: later,
    stop: nothing,
    select: later,
    noiseSuppression: true,
    setNoiseSuppression: nothing,
    autoGain: false,
    setAutoGain: nothing,
  };
}

/** A constant level, so that screenshots do not differ. */
function useConstantLevel(onLevel: (level: number) => void): void {
  useEffect(() => onLevel(0.62), [onLevel]);
}

export function useMicLevel(onLevel: (level: number) => void): void {
  useConstantLevel(onLevel);
}

export function useSpeakingLevel(_id: string, onLevel: (level: number) => void): void {
  useConstantLevel(onLevel);
}

/** Answers to actions whose ack the pages show. All others are `{ ok: true }`. */
const ACKS: Partial<{ [N in RoomAction]: ClientAck<N> }> = {
  get_invite: { invite: "9fJ2xQ7Lw0aYc4Tn", path: "/rooms/r1?invite=9fJ2xQ7Lw0aYc4Tn" },
  get_bans: {
    bans: [
      { id: "b1", name: "Bartholomew Featherstonehaugh-Ng", at: "2026-11-20T19:20:00.000Z" },
      { id: "b2", name: "Linh", at: "2026-11-20T19:10:00.000Z" },
    ],
  },
  lift_ban: { bans: [{ id: "b2", name: "Linh", at: "2026-11-20T19:10:00.000Z" }] },
  renew_invite: { invite: "Zb81kP3mVd6sRh5E", path: "/rooms/r1?invite=Zb81kP3mVd6sRh5E" },
};

const IDLE: CallHook = {
  ...viewOf(IDLE_STATE),
  join: later,
  leave: later,
  retry: nothing,
  reset: nothing,
  canResume: () => false,
  setMuted: nothing,
  toggleMute: nothing,
  setChatOpen: nothing,
  send: async () => true,
  request: async <N extends RoomAction>(event: N) => (ACKS[event] ?? { ok: true }) as ClientAck<N>,
};

export function useCall(): CallHook {
  return { ...IDLE, ...scenario.call };
}

export function usePlayback(): PlaybackHook {
  return {
    blocked: scenario.blocked ?? false,
    unblock: nothing,
    volumeOf: () => 1,
    setVolume: nothing,
    outputs: DEVICES,
    outputId: null,
    setOutput: nothing,
    canPickOutput: true,
  };
}

export function useConnectionQuality(): Quality {
  return scenario.quality ?? { level: "good", rttMs: 42, jitterMs: 3, lossPct: 0 };
}

export function useSettings(): SettingsHook {
  const { locale } = useStore();
  const [announce, setAnnounce] = useState({
    joins: true,
    leaves: true,
    mutes: false,
    hands: true,
    chat: true,
    reactions: false,
  });
  return {
    shortcutsEnabled: true,
    setShortcutsEnabled: nothing,
    pushToTalk: "space",
    announce,
    setAnnounce: (kind: AnnouncementKind, on: boolean) => setAnnounce((old) => ({ ...old, [kind]: on })),
    locale,
    setLocale: (next) => useStore.setState({ locale: next }),
    practiceLanguage: null,
    setPracticeLanguage: nothing,
    handsFree: scenario.handsFree ?? false,
    setHandsFree: nothing,
    captions: true,
    setCaptions: nothing,
    patience: 1,
    setPatience: nothing,
    laterFeedback: false,
    setLaterFeedback: nothing,
    speakChat: false,
    setSpeakChat: nothing,
    sounds: true,
    setSounds: nothing,
  };
}

export const useLevels = () => ({ levels: [] });
export const useCreateRoom = () => ({
  create: () => Promise.reject(refusal("too_many_requests")),
  isPending: false,
  error: null,
});
export const useRoomEvents = (_onEvent: (event: RoomEvent) => void) => {};
export const useIsInCall = () => false;
export const useOnlineCount = () => (scenario.online ?? ONLINE).length;
export const useIsOnline = () => scenario.isOnline ?? true;
export const useIsDetour = () => scenario.isDetour ?? false;
export const useLoadTrouble = () => (scenario.trouble ? refusal(scenario.trouble) : null);
export const useStorageIsKept = () => scenario.isKept ?? true;
export const useRoomSounds = nothing;
export const useTurnSound = nothing;
export const useKnockSound = () => nothing;
export const useWakeLock = (_active: boolean) => {};
export const useCallShortcuts = () => ({ isHeld: false });

export const useDialogue = () => scenario.dialogue ?? EMPTY_DIALOGUE;
export const usePracticeDialogue = () => scenario.dialogue ?? EMPTY_DIALOGUE;
export const useSend = () => nothing;
export const useRoomTutor = () => ({ invite: { mutateAsync: later }, remove: { mutateAsync: later } });
export const useHoldToSpeak = (): HoldHook => ({
  isHeld: scenario.isHeld ?? false,
  start: nothing,
  stop: nothing,
});
export const usePatience = () => {};
export const useLaterFeedback = () => {};
export const useRecognition = (): RecognitionHook => ({
  isSupported: true,
  status: "off",
  isOn: false,
  setOn: nothing,
});
export const useIsRecognizing = () => false;
export const useMessagePlayer = (): MessagePlayerHook => ({
  messageId: "m1",
  status: "playing",
  play: nothing,
  stop: nothing,
});

export function useConversations(): ConversationsHook {
  const failed = scenario.history === "error";
  return {
    conversations: scenario.history === undefined ? CONVERSATIONS : [],
    isLoading: false,
    error: failed ? noAnswer("network") : null,
    refetch: nothing,
    hasMore: !failed,
    loadMore: nothing,
  };
}

export const useConversation = () => ({
  data: scenario.history === undefined ? CONVERSATION : undefined,
  error: scenario.history === "gone" ? refusal("conversation_not_found") : null,
});
export const useDeleteConversation = () => ({ mutateAsync: later });
export const useProgress = () => ({
  data: { days: scenario.history === undefined ? PROGRESS : PROGRESS.map(idle) },
  error: null,
});

const isEmpty = scenario.history === "empty";
const NOTHING = { items: [], due: 0 };
export const useMistakes = () => ({ data: isEmpty ? NOTHING : MISTAKES, error: null });
export const useMistake = (id: string | null) => ({ data: id ? MISTAKE : undefined, error: null });
export const useAccuracy = (_weeks: number) => ({ data: ACCURACY });
export const useKnowledgeBases = () => ({ data: isEmpty ? { items: [], maximum: 10 } : BASES, error: null });
export const useDocuments = () => ({ data: DOCUMENTS, error: null });
export const useSearchKnowledge = () => ({ mutate: nothing, data: FOUND, error: null, isPending: false });
export const useAddKnowledgeBase = () => ({ mutateAsync: later, isPending: false, error: null });
export const useDeleteKnowledgeBase = () => ({ mutateAsync: later });
export const useAddDocument = () => ({ mutateAsync: later });
export const useDeleteDocument = () => ({ mutateAsync: later, isPending: false });
export const useCourses = () => ({ data: isEmpty ? { items: [] } : COURSES, error: null });
export const useClassText = () => ({
  data: scenario.history === "gone" ? undefined : CLASS,
  error: scenario.history === "gone" ? refusal("course_not_found") : null,
});
export const useHeardClasses = () => (isEmpty ? {} : HEARD);
export const useClass = () => ({
  ...lesson(scenario.lesson),
  start: nothing,
  stop: nothing,
  setMicrophone: nothing,
});
export const useCoach = (): CoachHook => ({
  ...NO_COACH,
  kept: null,
  conversationId: null,
  microphone: scenario.microphone ?? "ready",
  mayPress: scenario.coach?.phase === "ready" || scenario.coach?.phase === "speaking",
  hears: true,
  maySay: scenario.coach?.phase === "ready" || scenario.coach?.phase === "speaking",
  hold: { isHeld: scenario.coach?.phase === "recording", start: nothing, stop: nothing },
  say: async () => true,
  resume: nothing,
  start: nothing,
  change: nothing,
  askCorrection: nothing,
  end: nothing,
  ...scenario.coach,
});
export const useTalk = (): TalkHook => ({
  ...viewOfTalk(NO_TALK),
  kept: null,
  microphone: scenario.microphone ?? "ready",
  isHeld: false,
  start: nothing,
  resume: nothing,
  setMuted: nothing,
  toggleMuted: nothing,
  say: async () => true,
  retry: nothing,
  end: nothing,
  discard: nothing,
  levelOf: () => 0.6,
  ...scenario.talk,
});
export const useSocketTalk = () => null;
export const useVoiceLevel = (read: () => number, onLevel: (level: number) => void) =>
  useEffect(() => onLevel(read()));
export const useWords = () => ({ data: isEmpty ? NOTHING : WORD_LIST, error: null });
export const useAddWord = () => ({ mutateAsync: later, isPending: false, error: null });
export const useForgetWord = () => ({ mutateAsync: later });
export const useWordReviews = () => ({ load: async () => WORD_REVIEWS, answer: later, refresh: nothing });
export const useMemory = () => ({
  data: isEmpty
    ? { remembers: false, memory: { ...MEMORY.memory, goals: [], talks: [], words: [], mistakes: [] } }
    : MEMORY,
  error: null,
});
export const useMemoryActions = () => ({ change: later, noteTalk: later, forgetAll: later });
export const useTalkSummary = () => ({ data: isEmpty ? undefined : SUMMARY });
export const useWeekGoal = () => ({
  data: isEmpty ? { ...WEEK_GOAL, kind: null, target: null } : WEEK_GOAL,
});
export const useNotices = () => ({ data: isEmpty ? { items: [], unread: 0, nextCursor: null } : NOTICES });
export const useReadNotices = nothing;
export const useUnreadNotices = () => (isEmpty ? 0 : NOTICES.unread);
export const useLiveNotices = nothing;
export const useOpenedNotifications = nothing;
export const useNoticeSettings = (): NoticeSettingsHook => ({
  settings: {
    mail: true,
    canMail: true,
    pushKey: "BAEC",
    pushHere: scenario.push === "on",
    pushDevices: scenario.push === "on" ? 1 : 0,
    topics: ["reminders", "summary"],
    quiet: scenario.push === "on" ? { start: "22:00", end: "07:00" } : null,
    timeZone: "Asia/Ho_Chi_Minh",
  },
  push: scenario.push ?? "off",
  isBusy: false,
  change: later,
  turnOn: async () => true,
  turnOff: later,
});
export const useComingUp = () => [];
export const useEvents = () => ({ data: { items: [], nextCursor: null }, error: null, refetch: nothing });
export const useEvent = () => ({ data: undefined, error: refusal("event_not_found"), refetch: nothing });
export const useEventPeople = () => ({ data: undefined, error: null });
export const useCalendarFeed = () => ({ data: undefined, error: null });
export const useScheduleActions = () => new Proxy({}, { get: () => later });
export const useStreak = () => ({ data: isEmpty ? NO_STREAK : STREAK });
export const useAchievements = () => ({ data: isEmpty ? NO_ACHIEVEMENTS : ACHIEVEMENTS, error: null });
export const useLastWeek = () => ({ data: isEmpty ? undefined : LAST_WEEK });
export const useSetWeekGoal = () => ({ mutateAsync: later, isPending: false });
export const useForgetMistake = () => ({ mutateAsync: later });
export { useKeptReview } from "../hooks/useKeptReview";
export const useReviews = () => ({ load: later, answer: later, refresh: nothing });
export const useSpokenAnswer = () => ({ isSupported: false, status: "off", listen: nothing, stop: nothing });
