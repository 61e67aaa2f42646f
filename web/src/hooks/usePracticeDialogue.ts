import { useEffect, useMemo, useRef } from "react";
import type { CallPhase } from "../core/call-state";
import { type Dialogue, TUTOR, withHistory } from "../core/dialogue";
import { HiddenAnswers } from "../core/hidden-answers";
import { parlor } from "../core/parlor";
import { perTab } from "../core/storage";
import { useConversation } from "./useConversations";
import { useDialogue } from "./useDialogue";

/** The server stores a turn's audio when it is complete, a moment after its words. */
const KEPT_AFTER_MS = 2_500;

const { call } = parlor;
const hiddenAnswers = new HiddenAnswers(perTab);
call.dialogue.subscribe((dialogue) => hiddenAnswers.follow(dialogue));
call.store.subscribe(({ phase }) => {
  if (phase === "ended") hiddenAnswers.forget();
});

interface Options {
  conversationId: string;
  meId: string;
  phase: CallPhase;
  /** Refetch after each turn, so that Play appears at one's own words. */
  keepsAudio: boolean;
}

/** The conversation of this page, with the lines from before it was loaded or while the connection was lost. */
export function usePracticeDialogue({ conversationId, meId, phase, keepsAudio }: Options): Dialogue {
  const dialogue = useDialogue();
  const { refetch, data } = useConversation(conversationId, { unlessBegunHere: true });
  const wasLost = useRef(false);
  useEffect(() => {
    if (phase === "joined" && wasLost.current) void refetch();
    wasLost.current = phase === "reconnecting";
  }, [phase, refetch]);
  const answered = dialogue.lines.filter((line) => line.speaker === TUTOR && !line.isOpen).length;
  useEffect(() => {
    if (!keepsAudio || answered === 0) return;
    const timer = setTimeout(() => void refetch(), KEPT_AFTER_MS);
    return () => clearTimeout(timer);
  }, [keepsAudio, answered, refetch]);
  return useMemo(
    () => (data ? withHistory(dialogue, data, meId, hiddenAnswers.hints) : dialogue),
    [dialogue, data, meId],
  );
}
