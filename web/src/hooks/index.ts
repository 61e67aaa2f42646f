export { ApiError } from "../core/api-error";
export { hasFailed } from "../core/recognition";
export { linesOf, type TalkLine, type TalkLog, TUTOR } from "../core/talk-log";
export type * from "../core/types";
export { type DiffPart, diffWords } from "../core/word-diff";
export { queryClient } from "./query-client";
export { type CallHook, useCall } from "./useCall";
export { useCallShortcuts } from "./useCallShortcuts";
export { useConnectionQuality } from "./useConnectionQuality";
export {
  type ConversationsHook,
  useConversation,
  useConversations,
  useDeleteConversation,
  useProgress,
} from "./useConversations";
export { type CreateRoomHook, useCreateRoom } from "./useCreateRoom";
export { type HoldHook, useHoldToSpeak } from "./useHoldToSpeak";
export { useLevels } from "./useLevels";
export { type MessagePlayerHook, useMessagePlayer } from "./useMessagePlayer";
export { useMicLevel } from "./useMicLevel";
export { type MicrophoneHook, useMicrophone } from "./useMicrophone";
export { useOnline } from "./useOnline";
export { useOnlineCount } from "./useOnlineCount";
export { useOnlineStatus } from "./useOnlineStatus";
export { type PlaybackHook, usePlayback } from "./usePlayback";
export { usePracticeTalk } from "./usePracticeTalk";
export { type RecognitionHook, useIsRecognizing, useRecognition } from "./useRecognition";
export { useRoomEvents } from "./useRoomEvents";
export { type RoomPreviewHook, useRoomPreview } from "./useRoomPreview";
export { type RoomsHook, useRooms } from "./useRooms";
export { type SessionHook, useSession } from "./useSession";
export { type SettingsHook, useSettings } from "./useSettings";
export { useSpeakingLevel } from "./useSpeakingLevel";
export { useTalk, useTutorActions } from "./useTalk";
export { type TutorChoices, useTutorChoices } from "./useTutorChoices";
export { useTutorOffer } from "./useTutorOffer";
export { useTutorSeat } from "./useTutorSeat";
export { useWakeLock } from "./useWakeLock";
