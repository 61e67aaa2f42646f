import type {
  Confidence,
  ConversationDetail,
  FeedbackItem,
  NoFeedbackReason,
  ServerEvent,
  TutorText,
} from "../protocol";

/** The members of the tutor's text that a line takes over unchanged; the others are merged below. */
type TutorExtras = Partial<Omit<TutorText, keyof Merged | "seq" | "isFinal">>;

interface Merged {
  turnId: string;
  text: string;
  /** The spoken part of a tutor's line that somebody interrupted, which is all the server keeps; null: all of it. */
  spoken: string | null;
  /** Id of the kept message, for Play. */
  messageId: string | null;
}

/** One bubble of the conversation with the tutor. `speaker` is a participant's id, or "tutor". */
export interface DialogueLine extends Merged, TutorExtras {
  key: string;
  speaker: string;
  /** More words may follow. */
  isOpen: boolean;
  /** The recognizer's confidence in a person's words; null for typed or corrected ones. */
  confidence: Confidence | null;
  feedback: FeedbackItem[];
}

export interface Dialogue {
  lines: DialogueLine[];
  /** The answer to "ask for feedback" when there was no correction. */
  praise: { key: number; text: string; reason: NoFeedbackReason } | null;
}

/** In place of corrections that the tutor hides, by the correction's id. */
export type Hints = Readonly<Record<string, string>>;

export const EMPTY_DIALOGUE: Dialogue = { lines: [], praise: null };
export const TUTOR = "tutor";
/** The page shows this many lines; the history has the rest. */
const MAX_LINES = 400;

export function reduceDialogue(dialogue: Dialogue, event: ServerEvent): Dialogue {
  switch (event.name) {
    case "transcript":
      return withTranscript(dialogue, event);
    case "tutor_text":
      return withTutorText(dialogue, event);
    case "feedback":
      return withFeedback(dialogue, event);
    case "feedback_none":
      return { ...dialogue, praise: { key: event.seq, text: event.text, reason: event.reason } };
    default:
      return dialogue;
  }
}

/**
 * The kept conversation, followed by the lines of this page that it does not contain yet. `hints`: of corrections that are
 * hidden until the person has tried again, by their ids; the kept conversation has the answers.
 */
export function withHistory(
  dialogue: Dialogue,
  kept: ConversationDetail,
  meId: string,
  hints: Hints = {},
): Dialogue {
  const past = linesOf(kept, meId);
  const known = new Set(past.map(lineId));
  const lines = [...past, ...dialogue.lines.filter((line) => !known.has(lineId(line)))];
  const last = lines.filter(({ speaker }) => speaker === meId).at(-1);
  const hidden = (item: FeedbackItem) => ({ ...item, hint: item.hint ?? hints[item.id] ?? null });
  return {
    ...dialogue,
    lines: lines.map((line) => (line === last ? { ...line, feedback: line.feedback.map(hidden) } : line)),
  };
}

export function linesOf(kept: ConversationDetail, meId: string): DialogueLine[] {
  return kept.messages.map((message) => ({
    key: message.id,
    turnId: message.turnId,
    speaker: message.role === "tutor" ? TUTOR : meId,
    text: message.text,
    isOpen: false,
    confidence: message.confidence,
    spoken: message.wasCut ? message.text : null,
    messageId: message.audioUrl === null ? null : message.id,
    feedback: message.corrections,
  }));
}

function withTranscript(dialogue: Dialogue, event: ServerEvent & { name: "transcript" }): Dialogue {
  const { participantId, turnId, text, isFinal, confidence } = event;
  // A turn in which nothing was recognized in the end.
  if (text.trim() === "" && isFinal)
    return { ...dialogue, lines: dialogue.lines.filter((line) => !isLine(line, participantId, turnId)) };
  return put(dialogue, participantId, turnId, (line) => ({
    ...line,
    text,
    confidence,
    isOpen: !isFinal,
    // Late or mended words: corrections of sentences that are gone go too.
    feedback: isFinal ? line.feedback.filter((item) => text.includes(item.originalSentence)) : line.feedback,
  }));
}

function withTutorText(dialogue: Dialogue, event: ServerEvent & { name: "tutor_text" }): Dialogue {
  const { name: _name, seq: _seq, turnId, text, isFinal, spoken, messageId, ...extras } = event;
  const next = put(dialogue, TUTOR, turnId, (line) => {
    // Words that came late, or were mended, may have been answered before: the new answer replaces that one.
    const isAnew = !line.isOpen && !isFinal;
    const seen = isAnew ? text : line.text + text;
    const before = isAnew ? { ...line, spoken: null, messageId: null } : line;
    const merged = { ...before, ...extras, messageId: messageId ?? before.messageId };
    if (!isFinal || spoken === null) return { ...merged, text: seen, isOpen: !isFinal };
    // A page that was opened during the answer has missed its beginning, or all of it.
    const isWhole = spoken.trim().endsWith(seen.trim());
    const [whole, cut] = isWhole ? [spoken, null] : [seen, spoken];
    return { ...merged, text: whole, isOpen: false, spoken: cut };
  });
  return { ...next, lines: next.lines.filter((line) => line.isOpen || line.text.trim() !== "") };
}

function withFeedback(dialogue: Dialogue, event: ServerEvent & { name: "feedback" }): Dialogue {
  const { name: _name, seq: _seq, ...item } = event;
  const lines = dialogue.lines.map((line) => {
    if (line.turnId !== item.turnId || line.speaker === TUTOR) return line;
    const isKnown = line.feedback.some(({ id }) => id === item.id);
    // a known one comes again without its hint
    const feedback = isKnown
      ? line.feedback.map((old) => (old.id === item.id ? item : old))
      : [...line.feedback, item];
    return { ...line, feedback };
  });
  return { ...dialogue, praise: null, lines };
}

function put(
  dialogue: Dialogue,
  speaker: string,
  turnId: string,
  change: (line: DialogueLine) => DialogueLine,
): Dialogue {
  const { lines } = dialogue;
  const at = lines.findIndex((line) => isLine(line, speaker, turnId));
  if (at >= 0) return { ...dialogue, lines: lines.map((line, i) => (i === at ? change(line) : line)) };
  const fresh: DialogueLine = {
    key: `${speaker}/${turnId}`,
    turnId,
    speaker,
    text: "",
    isOpen: true,
    confidence: null,
    spoken: null,
    messageId: null,
    feedback: [],
  };
  return { ...dialogue, lines: [...lines, change(fresh)].slice(-MAX_LINES) };
}

function isLine(line: DialogueLine, speaker: string, turnId: string): boolean {
  return line.speaker === speaker && line.turnId === turnId;
}

function lineId({ speaker, turnId }: DialogueLine): string {
  return `${speaker === TUTOR ? TUTOR : "learner"}/${turnId}`;
}
