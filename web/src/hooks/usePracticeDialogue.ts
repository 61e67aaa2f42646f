import { useEffect, useMemo } from "react";
import type { CallPhase } from "../core/call-state";
import { type Dialogue, TUTOR, withHistory } from "../core/dialogue";
import { useConversation } from "./useConversations";
import { useDialogue } from "./useDialogue";

/** What is kept of a turn comes a moment after its words: the audio is stored once it is whole. */
const KEPT_AFTER_MS = 2_500;

interface Subject {
  conversationId: string;
  meId: string;
  phase: CallPhase;
  /** Ask again after each turn, for the Play of one's own words. */
  keepsAudio: boolean;
}

/** The talk of this page with what was said before it was loaded, or while the connection was lost. */
export function usePracticeDialogue({ conversationId, meId, phase, keepsAudio }: Subject): Dialogue {
  const dialogue = useDialogue();
  const kept = useConversation(conversationId);
  const { refetch, data } = kept;
  useEffect(() => {
    if (phase === "joined") void refetch();
  }, [phase, refetch]);
  const answered = dialogue.lines.filter((line) => line.speaker === TUTOR && !line.isOpen).length;
  useEffect(() => {
    if (!keepsAudio || answered === 0) return;
    const timer = setTimeout(() => void refetch(), KEPT_AFTER_MS);
    return () => clearTimeout(timer);
  }, [keepsAudio, answered, refetch]);
  return useMemo(() => (data ? withHistory(dialogue, data, meId) : dialogue), [dialogue, data, meId]);
}
