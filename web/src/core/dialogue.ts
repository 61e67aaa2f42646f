import type { ConversationDetail, FeedbackItem, NoFeedbackReason } from "../protocol";
import type { ServerEvent } from "./signalling";

/** One bubble of the talk with the tutor. `speaker` is a participant's id, or "tutor". */
export interface DialogueLine {
  key: string;
  turnId: string;
  speaker: string;
  text: string;
  /** Words may still come. */
  isOpen: boolean;
  /** What was said aloud of a tutor's line, where somebody interrupted it (all that is kept of it); null: all. */
  spoken: string | null;
  /** Names what the server keeps, for Play. */
  messageId: string | null;
  feedback: FeedbackItem[];
}

export interface Dialogue {
  lines: DialogueLine[];
  /** The answer to "ask for feedback" when there was no correction. */
  praise: { key: number; text: string; reason: NoFeedbackReason } | null;
}

export const EMPTY_DIALOGUE: Dialogue = { lines: [], praise: null };
export const TUTOR = "tutor";
/** The page shows this many; the rest is in the history. */
const MAX_LINES = 400;

export function reduceDialogue(log: Dialogue, event: ServerEvent): Dialogue {
  switch (event.name) {
    case "transcript":
      return heard(log, event.participantId, event.turnId, event.text, event.isFinal);
    case "tutor_text":
      return answered(log, event);
    case "feedback":
      return corrected(log, event);
    case "feedback_none":
      return { ...log, praise: { key: event.seq, text: event.text, reason: event.reason } };
    default:
      return log;
  }
}

/** What was kept, with the lines of this page that are newer than it. */
export function withHistory(log: Dialogue, kept: ConversationDetail, meId: string): Dialogue {
  const past = linesOf(kept, meId);
  const known = new Set(past.map(lineId));
  return { ...log, lines: [...past, ...log.lines.filter((line) => !known.has(lineId(line)))] };
}

export function linesOf(kept: ConversationDetail, meId: string): DialogueLine[] {
  return kept.messages.map((message) => ({
    key: message.id,
    turnId: message.turnId,
    speaker: message.role === "tutor" ? TUTOR : meId,
    text: message.text,
    isOpen: false,
    spoken: message.wasCut ? message.text : null,
    messageId: message.audioUrl === null ? null : message.id,
    feedback: message.corrections,
  }));
}

function heard(log: Dialogue, speaker: string, turnId: string, text: string, isFinal: boolean): Dialogue {
  const came = text.trim() !== "";
  if (!came && isFinal) return { ...log, lines: log.lines.filter((line) => !is(line, speaker, turnId)) };
  return put(log, speaker, turnId, (line) => ({ ...line, text, isOpen: !isFinal }));
}

function answered(log: Dialogue, event: ServerEvent & { name: "tutor_text" }): Dialogue {
  const { turnId, text, isFinal, spoken, messageId } = event;
  const next = put(log, TUTOR, turnId, (line) => {
    const seen = line.text + text;
    const id = messageId ?? line.messageId;
    if (!isFinal || spoken === null) return { ...line, text: seen, isOpen: !isFinal, messageId: id };
    // A page that was opened in mid-answer has not seen its beginning, or none of it.
    const isWhole = spoken.trim().endsWith(seen.trim());
    const [whole, cut] = isWhole ? [spoken, null] : [seen, spoken];
    return { ...line, text: whole, isOpen: false, spoken: cut, messageId: id };
  });
  return { ...next, lines: next.lines.filter((line) => line.isOpen || line.text.trim() !== "") };
}

function corrected(log: Dialogue, event: ServerEvent & { name: "feedback" }): Dialogue {
  const { id, turnId, originalSentence, correctedSentence, explanation, category } = event;
  const item: FeedbackItem = { id, turnId, originalSentence, correctedSentence, explanation, category };
  const lines = log.lines.map((line) =>
    line.turnId === turnId && line.speaker !== TUTOR && !line.feedback.some((known) => known.id === id)
      ? { ...line, feedback: [...line.feedback, item] }
      : line,
  );
  return { ...log, praise: null, lines };
}

function put(
  log: Dialogue,
  speaker: string,
  turnId: string,
  change: (line: DialogueLine) => DialogueLine,
): Dialogue {
  const at = log.lines.findIndex((line) => is(line, speaker, turnId));
  if (at >= 0) return { ...log, lines: log.lines.map((line, i) => (i === at ? change(line) : line)) };
  const fresh: DialogueLine = {
    key: `${speaker}/${turnId}`,
    turnId,
    speaker,
    text: "",
    isOpen: true,
    spoken: null,
    messageId: null,
    feedback: [],
  };
  return { ...log, lines: [...log.lines, change(fresh)].slice(-MAX_LINES) };
}

function is(line: DialogueLine, speaker: string, turnId: string): boolean {
  return line.speaker === speaker && line.turnId === turnId;
}

function lineId({ speaker, turnId }: DialogueLine): string {
  return `${speaker === TUTOR ? TUTOR : "learner"}/${turnId}`;
}
