/** Types, constants and plain functions of the core that components use. The gallery's mocked hooks export them too. */
export { ApiError } from "../core/api-error";
export type { SessionEnd, SessionStatus } from "../core/auth-session";
export type { CallEnd, CallNotice, CallPhase, CallView, EndReason } from "../core/call-state";
export { type Dialogue, type DialogueLine, linesOf, TUTOR } from "../core/dialogue";
export type { Quality, QualityLevel } from "../core/media-stats";
export type { MicrophoneStatus } from "../core/microphone";
export type { MicrophoneInput } from "../core/microphone-input";
export { hasFailed } from "../core/recognition";
export type { RoomEvent, RoomEventType } from "../core/room-events";
export { linkPart } from "../core/room-link";
export type { RoomFilter } from "../core/room-list";
export type { JoinRequest } from "../core/room-session";
export { raisedHands } from "../core/room-state";
export type { AnnouncementKind, Locale } from "../core/settings";
export { canSpeak, isSameSentence, speak, stopSpeaking } from "../core/speech";
export { type DiffPart, diffWords } from "../core/word-diff";
