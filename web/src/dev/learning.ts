import { type BadgeName, PICTURES } from "../components/progress/badge-pictures";
import type {
  Accuracy,
  Achievements,
  MemoryPage,
  Mistake,
  MistakeDetail,
  Notice,
  NoticePage,
  Streak,
  TalkSummary,
  WeekGoal,
  WeekSummary,
  Word,
  WordReviews,
} from "../protocol";
import { INFORMATION, WENT } from "./dialogues";

/** Data of the learning pages in the gallery. */
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
  weeks: ["2026-10-22", "2026-10-29", "2026-11-05", "2026-11-12", "2026-11-19"],
  turns: [25, 40, 20, 0, 30],
  categories: [
    { category: "tense", right: [14, 26, 15, 0, 27] },
    { category: "article", right: [20, 33, 17, 0, 25] },
    { category: "preposition", right: [24, 38, 19, 0, 26] },
  ],
};

/** The last 35 days until 20 November 2026. */
const DAYS = "..x.xx..xxx....xxxx.xxx.x..xxxxx-xx";
const STATES = { x: "kept", "-": "saved", ".": "open" } as const;
export const STREAK: Streak = {
  length: 7,
  best: 12,
  hasFreeze: false,
  returnsIn: 5,
  isTodayDone: true,
  days: [...DAYS].map((letter, index) => ({
    day: new Date(Date.UTC(2026, 10, 20 - 34 + index)).toISOString().slice(0, 10),
    state: STATES[letter as keyof typeof STATES],
  })),
};
export const NO_STREAK: Streak = {
  ...STREAK,
  length: 0,
  best: 0,
  hasFreeze: true,
  returnsIn: 0,
  isTodayDone: false,
  days: STREAK.days.map(({ day }) => ({ day, state: "open" })),
};

const NAMES = Object.keys(PICTURES) as BadgeName[];
const GOALS: Partial<Record<BadgeName, [number, number]>> = {
  days_50: [17, 50],
  streak_30: [12, 30],
  people_50: [14, 50],
  mended_100: [31, 100],
  ten_hours: [2, 10],
  goal_4: [1, 4],
};
export const ACHIEVEMENTS: Achievements = {
  items: NAMES.map((name, index) => {
    const [done, goal] = GOALS[name] ?? [1, 1];
    const day = String(1 + (index % 19)).padStart(2, "0");
    return { name, done, goal, at: done < goal ? null : `2026-11-${day}T18:21:00.000Z` };
  }),
};
export const NO_ACHIEVEMENTS: Achievements = {
  items: ACHIEVEMENTS.items.map((one) => ({ ...one, done: 0, goal: Math.max(1, one.goal), at: null })),
};
export const LAST_WEEK: WeekSummary = {
  monday: "2026-11-09",
  days: 4,
  minutes: 46.4,
  people: 3,
  mended: 5,
  words: 8,
  due: 2,
};

const notice = (id: string, day: number, body: Notice["body"]): Notice => ({
  id,
  at: `2026-11-${day}T08:00:00.000Z`,
  isRead: id !== "n1",
  body,
});
export const NOTICES: NoticePage = {
  items: [
    notice("n1", 17, { kind: "achievements", names: ["streak_7", "people_10"] }),
    notice("n2", 16, { kind: "week_summary", week: LAST_WEEK, goalReached: true }),
    notice("n3", 15, {
      kind: "event_reminder",
      eventId: "e1",
      occurrenceId: "o1",
      name: "Tea club",
      startsAt: "2026-11-16T12:00:00.000Z",
      minutes: 1440,
    }),
  ],
  unread: 1,
  nextCursor: null,
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
