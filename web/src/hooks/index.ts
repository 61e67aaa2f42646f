export * from "./core";
export { queryClient } from "./query-client";
export { type AccountActions, useAccount, useAccountActions } from "./useAccount";
export { type CallHook, useCall, useSend } from "./useCall";
export { useCallShortcuts } from "./useCallShortcuts";
export { type ClassHook, useClass } from "./useClass";
export { type CoachHook, type CoachLesson, useCoach } from "./useCoach";
export { useComingUp } from "./useComingUp";
export { useConnectionQuality } from "./useConnectionQuality";
export {
  type ConversationsHook,
  useConversation,
  useConversations,
  useDeleteConversation,
  useProgress,
} from "./useConversations";
export { useClassText, useCourses, useHeardClasses } from "./useCourses";
export { type CreateRoomHook, useCreateRoom } from "./useCreateRoom";
export { useDialogue } from "./useDialogue";
export { type HoldHook, useHoldToSpeak } from "./useHoldToSpeak";
export { useIsDetour } from "./useIsDetour";
export { useIsInCall } from "./useIsInCall";
export { useIsOnline } from "./useIsOnline";
export { useKeptReview } from "./useKeptReview";
export { useKnockSound } from "./useKnockSound";
export {
  useAddDocument,
  useAddKnowledgeBase,
  useDeleteDocument,
  useDeleteKnowledgeBase,
  useDocuments,
  useKnowledgeBases,
  useSearchKnowledge,
} from "./useKnowledge";
export { useLaterFeedback } from "./useLaterFeedback";
export { useLevels } from "./useLevels";
export { useLiveNotices } from "./useLiveNotices";
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
export {
  type ModerationActions,
  useModerationActions,
  useModerationLog,
  useReport,
  useReports,
  useSanctions,
} from "./useModeration";
export { type NoticeSettingsHook, useNoticeSettings } from "./useNoticeSettings";
export { useNotices, useReadNotices } from "./useNotices";
export { useOnlineCount } from "./useOnlineCount";
export { useOnlineUsers } from "./useOnlineUsers";
export { useOpenedNotifications } from "./useOpenedNotifications";
export { usePatience } from "./usePatience";
export {
  type PeopleActions,
  type PeopleHook,
  type PeopleList,
  usePeople,
  usePeopleActions,
  usePerson,
} from "./usePeople";
export { type PlaybackHook, usePlayback } from "./usePlayback";
export { usePracticeDialogue } from "./usePracticeDialogue";
export { useAchievements, useLastWeek, useStreak } from "./useProgressPage";
export { type RecognitionHook, useIsRecognizing, useRecognition } from "./useRecognition";
export { useRoomEvents } from "./useRoomEvents";
export { type RoomPreviewHook, useRoomPreview } from "./useRoomPreview";
export { useRoomSounds } from "./useRoomSounds";
export { type RoomsHook, useRooms } from "./useRooms";
export { useRoomTutor } from "./useRoomTutor";
export {
  type ReportDraft,
  type SafetyActions,
  usePrivacyFacts,
  useSafetyActions,
  useStanding,
} from "./useSafety";
export {
  useCalendarFeed,
  useEvent,
  useEventPeople,
  useEvents,
  useScheduleActions,
} from "./useSchedule";
export { type SessionHook, useSession } from "./useSession";
export { type SettingsHook, useSettings } from "./useSettings";
export {
  type GuestBefore,
  type SignedIn,
  type SignInActions,
  usePasskeyProblem,
  useSignIn,
  useSignInMethods,
} from "./useSignIn";
export { useSocketTalk } from "./useSocketTalk";
export { useSpeakingLevel } from "./useSpeakingLevel";
export { type SpokenAnswerHook, useSpokenAnswer } from "./useSpokenAnswer";
export { useStorageIsKept } from "./useStorageIsKept";
export { type TalkHook, useTalk } from "./useTalk";
export { useTalkSummary } from "./useTalkSummary";
export { useTurnSound } from "./useTurnSound";
export { useTutorOffer } from "./useTutorOffer";
export { useUnreadNotices } from "./useUnreadNotices";
export { useVoiceLevel } from "./useVoiceLevel";
export { useWakeLock } from "./useWakeLock";
export { useSetWeekGoal, useWeekGoal } from "./useWeekGoal";
export { useAddWord, useForgetWord, useWordReviews, useWords } from "./useWords";
