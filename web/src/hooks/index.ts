export * from "./core";
export { queryClient } from "./query-client";
export { type CallHook, useCall, useSend } from "./useCall";
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
export { useDialogue } from "./useDialogue";
export { type HoldHook, useHoldToSpeak } from "./useHoldToSpeak";
export { useIsDetour } from "./useIsDetour";
export { useIsInCall } from "./useIsInCall";
export { useIsOnline } from "./useIsOnline";
export { useKnockSound } from "./useKnockSound";
export { useLaterFeedback } from "./useLaterFeedback";
export { useLevels } from "./useLevels";
export { useLoadTrouble } from "./useLoadTrouble";
export { type MemoryActions, useMemory, useMemoryActions } from "./useMemory";
export { type MessagePlayerHook, useMessagePlayer } from "./useMessagePlayer";
export { useMicLevel } from "./useMicLevel";
export { type MicrophoneHook, useMicrophone } from "./useMicrophone";
export {
  type ReviewsHook,
  useAccuracy,
  useForgetMistake,
  useMistake,
  useMistakes,
  useReviews,
} from "./useMistakes";
export { useOnlineCount } from "./useOnlineCount";
export { useOnlineUsers } from "./useOnlineUsers";
export { usePatience } from "./usePatience";
export { type PlaybackHook, usePlayback } from "./usePlayback";
export { usePracticeDialogue } from "./usePracticeDialogue";
export { type RecognitionHook, useIsRecognizing, useRecognition } from "./useRecognition";
export { useRoomEvents } from "./useRoomEvents";
export { type RoomPreviewHook, useRoomPreview } from "./useRoomPreview";
export { type RoomsHook, useRooms } from "./useRooms";
export { useRoomTutor } from "./useRoomTutor";
export { type SessionHook, useSession } from "./useSession";
export { type SettingsHook, useSettings } from "./useSettings";
export { useSpeakingLevel } from "./useSpeakingLevel";
export { type SpokenAnswerHook, useSpokenAnswer } from "./useSpokenAnswer";
export { useStorageIsKept } from "./useStorageIsKept";
export { useTalkSummary } from "./useTalkSummary";
export { useTutorOffer } from "./useTutorOffer";
export { useWakeLock } from "./useWakeLock";
export { useSetWeekGoal, useWeekGoal } from "./useWeekGoal";
export { useAddWord, useForgetWord, useWordReviews, useWords } from "./useWords";
