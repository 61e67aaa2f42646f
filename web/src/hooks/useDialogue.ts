import { useStore } from "zustand";
import type { Dialogue } from "../core/dialogue";
import { parlor } from "../core/parlor";
import type { TutorActions } from "../core/tutor-actions";

/** What is said with the tutor of the room one is in. */
export function useDialogue(): Dialogue {
  return useStore(parlor.call.dialogue);
}

export function useTutorActions(): TutorActions {
  return parlor.call.tutor;
}
