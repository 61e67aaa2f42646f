import type {
  Accuracy,
  MemoryPage,
  Mistake,
  MistakeDetail,
  TalkSummary,
  WeekGoal,
  Word,
  WordReviews,
} from "../protocol";
import { INFORMATION, WENT } from "./dialogues";

/** What the learning pages show in the gallery. */
const WORDS: Word[] = (
  [
    ["queue", "a line of people who wait", "Please join the queue at the door."],
    ["receipt", "a paper that shows what you paid", ""],
    ["Sehenswürdigkeitenverzeichnis", "", "Where is the Sehenswürdigkeitenverzeichnis of the town?"],
  ] as const
).map(([word, meaning, sentence], index) => ({
  id: `w${index}`,
  language: "en",
  word,
  meaning,
  sentence,
  conversationId: sentence ? "c1" : null,
  at: "2026-11-19T18:21:00.000Z",
  reviews: index,
  rightReviews: index,
  dueAt: index === 1 ? "2099-01-01T00:00:00.000Z" : "2026-11-19T18:21:00.000Z",
  isMastered: index === 2,
}));

export const WORD_LIST = { items: WORDS, due: 1 };

export const WORD_REVIEWS: WordReviews = {
  due: 1,
  exercises: [
    {
      wordId: "w0",
      language: "en",
      meaning: "a line of people who wait",
      sentence: "Please join the ____ at the door.",
    },
  ],
};

const mistake = (id: string, category: Mistake["category"], said: string, right: string): Mistake => ({
  id,
  language: "en",
  category,
  said,
  right,
  times: 3,
  firstAt: "2026-10-19T18:21:00.000Z",
  lastAt: "2026-11-19T18:21:00.000Z",
  reviews: 2,
  rightReviews: 1,
  dueAt: "2026-11-19T18:21:00.000Z",
  isMastered: false,
});

export const MISTAKES = {
  items: [mistake("x1", "tense", "go", "went"), mistake("x2", "comparative", "more easy", "easier")],
  due: 2,
};

export const MISTAKE: MistakeDetail = {
  ...mistake("x1", "tense", "go", "went"),
  sentences: [
    {
      id: "f1",
      conversationId: "c1",
      at: "2026-11-19T18:21:00.000Z",
      originalSentence: WENT.originalSentence,
      correctedSentence: WENT.correctedSentence,
      explanation: WENT.explanation,
    },
  ],
};

export const ACCURACY: Accuracy = {
  weeks: ["2026-11-05", "2026-11-12", "2026-11-19"],
  turns: [20, 0, 30],
  categories: [{ category: "tense", right: [12, 0, 27] }],
};

export const SUMMARY: TalkSummary = {
  conversationId: "c1",
  language: "en",
  minutes: 12.5,
  speakingMinutes: 6.4,
  turns: 14,
  sentences: 12,
  right: 9,
  corrections: 2,
  mended: [WENT],
  used: ["easier"],
  keep: [
    { item: WENT, times: 3, mistakeId: "x1" },
    { item: INFORMATION, times: 1, mistakeId: null },
  ],
  words: WORDS.slice(0, 2),
};

export const MEMORY: MemoryPage = {
  remembers: true,
  memory: {
    language: "en",
    goals: ["A job interview at a hotel in June", "Talk with my daughter's teacher"],
    talks: [
      {
        conversationId: "c1",
        at: "2026-11-19T18:20:00.000Z",
        topic: "Food and cooking",
        summary: "14 turns; 6 minutes of speech; corrected most: tense; words: queue",
      },
      { conversationId: "c2", at: "2026-11-18T18:20:00.000Z", topic: "", summary: "My trip to Huế" },
    ],
    words: WORDS.map(({ id, word, meaning, sentence }) => ({ id, word, meaning, sentence, isDue: false })),
    mistakes: [{ id: "x1", said: WENT.originalSentence, better: WENT.correctedSentence, category: "tense" }],
  },
};

export const WEEK_GOAL: WeekGoal = { kind: "days", target: 3, monday: "2026-11-16", days: 2, minutes: 18.5 };
