import { useStore } from "zustand";
import { parlor } from "../core/parlor";
import type { TalkLog } from "../core/talk-log";
import type { TutorActions } from "../core/tutor-actions";

/** What is said with the tutor of the room one is in. */
export function useTalk(): TalkLog {
  return useStore(parlor.call.talk);
}

export function useTutorActions(): TutorActions {
  return parlor.call.tutor;
}
