import { useStore } from "zustand";
import type { Dialogue } from "../core/dialogue";
import { parlor } from "../core/parlor";

/** The conversation with the tutor of the joined room, as far as this page has seen it. */
export function useDialogue(): Dialogue {
  return useStore(parlor.call.dialogue);
}
