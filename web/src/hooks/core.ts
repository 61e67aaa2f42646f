/** Types, constants and plain functions of the core that components use. The gallery's mocked hooks export them too. */
export { ApiError } from "../core/api-error";
export type { SessionEnd, SessionStatus } from "../core/auth-session";
export type { CallEnd, CallNotice, CallPhase, CallView, EndReason } from "../core/call-state";
export { type ChatPart, chatParts } from "../core/chat";
export { type ClassMark, classKey, type HeardClasses, markOf } from "../core/class-progress";
export type {
  ClassExchange,
  ClassPhase,
  ClassState,
  ClassTrouble,
} from "../core/class-state";
export { clockText, nextTopic, type ShownClub, type ShownTurns, shownTopic } from "../core/club";
export { COACH_TOPICS, type CoachTopic, DIFFICULTIES } from "../core/coach-kept";
export type { CoachLine, CoachPhase, CoachState, CoachTrouble } from "../core/coach-state";
export { type Dialogue, type DialogueLine, linesOf, TUTOR } from "../core/dialogue";
export type { Quality, QualityLevel } from "../core/media-stats";
export type { MicrophoneStatus } from "../core/microphone";
export type { MicrophoneInput } from "../core/microphone-input";
export type { PasskeyProblem } from "../core/passkeys";
export { takeAnswer } from "../core/provider-answer";
export type { PushState } from "../core/push";
export { hasFailed } from "../core/recognition";
export type { JoinRequest } from "../core/room-connection";
export type { RoomEvent, RoomEventType } from "../core/room-events";
export { linkPart } from "../core/room-link";
export type { RoomFilter } from "../core/room-list";
export { raisedHands, type ShownReaction } from "../core/room-state";
export type { AnnouncementKind, Locale } from "../core/settings";
export { canSpeak, isSameSentence, speak, speakNext, stopSpeaking } from "../core/speech";
export { isLesson } from "../core/talk-kept";
export type { TalkLesson, TalkTrouble } from "../core/talk-path";
export type { Stance, TalkStage } from "../core/talk-state";
export { isUnderWay } from "../core/talk-state";
export { type DiffPart, diffWords } from "../core/word-diff";
