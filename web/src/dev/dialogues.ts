import type { Dialogue, DialogueLine } from "../core/dialogue";
import type {
  Conversation,
  ConversationDetail,
  Engine,
  FeedbackItem,
  Participant,
  ProgressDay,
  Tutor,
} from "../protocol";
import { person } from "./people";

/** Invented conversations with the tutor for the gallery. */

const LOCAL = { vendor: "local", isCloud: false };
const cloud = (name: string, vendor: string): Engine => ({ name, vendor, isCloud: true });

export function tutor(change: Partial<Tutor> = {}): Tutor {
  return {
    status: "ready",
    state: "listening",
    participantId: "p-tutor",
    name: "Emma",
    language: "en",
    level: "B1",
    topic: "Food and cooking",
    voice: "en-gb",
    rate: 0.9,
    voices: [
      { id: "en-gb", name: "English (Great Britain)", language: "en" },
      { id: "en-us", name: "English (America)", language: "en" },
    ],
    engines: {
      stt: { name: "pocketsphinx", ...LOCAL },
      llm: { name: "scripted tutor", ...LOCAL },
      tts: { name: "espeak-ng", ...LOCAL },
    },
    fallbacks: [],
    captions: true,
    breaksSilence: false,
    knowledgeBase: null,
    teaches: null,
    conversationId: "c1",
    ...change,
  };
}

export const CLOUD = {
  stt: cloud("Flux", "Deepgram"),
  llm: cloud("gpt-6-luna", "OpenAI"),
  tts: cloud("Aura-2", "Deepgram"),
};

export function tutorParticipant(change: Partial<Participant> = {}): Participant {
  return {
    ...person(0),
    id: "p-tutor",
    userId: "tutor-r1",
    kind: "tutor",
    name: "Emma",
    country: null,
    learningLevel: null,
    nativeLanguage: null,
    avatarUrl: "/api/avatars/g/emma.svg",
    isMuted: false,
    ...change,
  };
}

export const WENT: FeedbackItem = {
  id: "f1",
  turnId: "t1",
  originalSentence: "Yesterday I go to the market with my mother.",
  correctedSentence: "Yesterday I went to the market with my mother.",
  explanation: "“Yesterday” is over, so the verb goes in the past: go, went.",
  category: "tense",
  hint: null,
};
export const INFORMATION: FeedbackItem = {
  id: "f2",
  turnId: "t2",
  originalSentence: "I like cooking because it is more easy than it looks like.",
  correctedSentence: "I like cooking because it is easier than it looks.",
  explanation: "Short adjectives take -er: easy, easier.",
  category: "comparative",
  hint: null,
};

function line(change: Partial<DialogueLine> & Pick<DialogueLine, "key" | "speaker" | "text">): DialogueLine {
  return {
    turnId: change.key,
    isOpen: false,
    confidence: null,
    spoken: null,
    messageId: null,
    feedback: [],
    ...change,
  };
}

export const DIALOGUE: Dialogue = {
  praise: null,
  lines: [
    line({ key: "1", speaker: "tutor", text: "Hello! What did you eat yesterday?", messageId: "m1" }),
    line({
      key: "2",
      speaker: "p-me",
      text: "Yesterday I go to the market with my mother. We bought fish.",
      messageId: "m2",
      feedback: [WENT],
    }),
    line({
      key: "3",
      speaker: "tutor",
      text: "That sounds lovely. How did you cook the fish, and who ate with you?",
      spoken: "That sounds lovely. How did you cook",
      messageId: "m3",
    }),
    line({
      key: "4",
      speaker: "p-me",
      text: "I like cooking because it is more easy than it looks like.",
      feedback: [INFORMATION],
    }),
    line({ key: "5", speaker: "tutor", text: "I agree. Which dish would you", isOpen: true }),
    line({ key: "6", speaker: "p-me", text: "maybe a soup with", isOpen: true }),
  ],
};

/** The tutor has asked to try the last sentence again. */
export const ASKED: Dialogue = {
  praise: null,
  lines: [
    ...DIALOGUE.lines.slice(0, 3),
    line({
      key: "4",
      speaker: "p-me",
      text: "I like cooking because it is more easy than it looks like.",
      feedback: [{ ...INFORMATION, hint: "think about how we compare two things" }],
    }),
    line({
      key: "5",
      speaker: "tutor",
      text: "Nearly! Try that again: think about how we compare two things.",
      messageId: "m5",
    }),
  ],
};

export const PRAISED: Dialogue = {
  praise: { key: 1, text: "I found no mistake. I can check some mistakes, not all.", reason: "right" },
  lines: DIALOGUE.lines.slice(0, 1),
};

export const CONVERSATIONS: Conversation[] = ["Food and cooking", "A job interview at a hotel", ""].map(
  (topic, index) => ({
    id: `c${index + 1}`,
    roomId: "r1",
    roomName: "Practice",
    language: "en",
    level: index === 1 ? "B2" : "B1",
    topic,
    startedAt: `2026-11-1${9 - index}T18:20:00.000Z`,
    endedAt: `2026-11-1${9 - index}T18:32:00.000Z`,
    messageCount: 14 - index * 6,
    correctionCount: index,
  }),
);

export const CONVERSATION: ConversationDetail = {
  ...(CONVERSATIONS[0] as Conversation),
  messages: DIALOGUE.lines.map(({ key, turnId, speaker, text, spoken, messageId, feedback }) => ({
    id: key,
    turnId,
    role: speaker === "tutor" ? "tutor" : "learner",
    text: spoken ?? text,
    wasCut: spoken !== null,
    at: "2026-11-19T18:20:00.000Z",
    speechS: 3,
    confidence: null,
    audioUrl: messageId && `/api/conversations/c1/messages/${messageId}/audio`,
    corrections: feedback,
    citations: [],
  })),
};

export const PROGRESS: ProgressDay[] = Array.from({ length: 30 }, (_, index) => ({
  day: new Date(Date.UTC(2026, 9, 22 + index)).toISOString().slice(0, 10),
  minutes: index % 3 === 0 ? 0 : (index % 7) * 2.5,
  speakingMinutes: index % 3 === 0 ? 0 : index % 7,
  turns: index % 3 === 0 ? 0 : (index % 7) * 4,
  corrections: index % 3 === 0 ? 0 : index % 5,
  topics: index % 5 === 0 ? ["Food and cooking"] : [],
}));

export function idle({ day }: ProgressDay): ProgressDay {
  return { day, minutes: 0, speakingMinutes: 0, turns: 0, corrections: 0, topics: [] };
}
