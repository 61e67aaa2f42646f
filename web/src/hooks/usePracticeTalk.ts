import { useEffect, useMemo } from "react";
import { type TalkLog, TUTOR, withHistory } from "../core/talk-log";
import type { CallPhase } from "../core/types";
import { useConversation } from "./useConversations";
import { useTalk } from "./useTalk";

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
export function usePracticeTalk({ conversationId, meId, phase, keepsAudio }: Subject): TalkLog {
  const talk = useTalk();
  const kept = useConversation(conversationId);
  const { refetch, data } = kept;
  useEffect(() => {
    if (phase === "joined") void refetch();
  }, [phase, refetch]);
  const answered = talk.lines.filter((line) => line.speaker === TUTOR && !line.isOpen).length;
  useEffect(() => {
    if (!keepsAudio || answered === 0) return;
    const timer = setTimeout(() => void refetch(), KEPT_AFTER_MS);
    return () => clearTimeout(timer);
  }, [keepsAudio, answered, refetch]);
  return useMemo(() => (data ? withHistory(talk, data, meId) : talk), [talk, data, meId]);
}
