import type {
  BanNotice,
  LogPage,
  PersonRef,
  ReportDetail,
  ReportPage,
  ReportSummary,
  Sanction,
  SanctionPage,
  Standing,
} from "../protocol";

/** Invented reports and decisions for the gallery. */

const MATEO: PersonRef = { id: "u-0", name: "Mateo", avatarUrl: "/api/avatars/g/mateo.svg" };
const AIKO: PersonRef = { id: "u-1", name: "Aiko Tanaka", avatarUrl: "/api/avatars/g/aiko.svg" };

const REPORT: ReportSummary = {
  id: "x1",
  at: "2026-11-20T19:00:00.000Z",
  state: "open",
  outcome: null,
  reason: "insults",
  place: "chat",
  words: "He wrote this to everybody, and went on when we asked him to stop.",
  target: MATEO,
  targetName: "Mateo",
  reporter: AIKO,
  roomName: "Coffee and small talk",
};

const BAN: Sanction = {
  id: "s1",
  kind: "ban",
  state: "active",
  target: MATEO,
  reason: "insults",
  message: "Three people asked you to stop.",
  at: "2026-11-20T20:00:00.000Z",
  until: "2099-11-27T20:00:00.000Z",
  acknowledgedAt: null,
  undoneAt: null,
  objection: "It was my brother, who used my laptop.",
  reportId: "x1",
  by: "Priya",
};

export const REPORTS: ReportPage = {
  items: [
    REPORT,
    { ...REPORT, id: "x2", place: "profile", reason: "name", words: "", roomName: null, reporter: null },
    { ...REPORT, id: "x3", place: "room", reason: "threats", target: null, targetName: "" },
  ],
  nextCursor: "more",
  openCount: 3,
};

export const DETAIL: ReportDetail = {
  ...REPORT,
  lines: [
    { name: "Aiko Tanaka", text: "Shall we talk about travel?", flags: [false, true, false] },
    { name: "Mateo", text: "You are all too stupid for that.", flags: [true, false, true] },
    { name: "Jonas", text: "Please stop.", flags: [false, false, false] },
  ].map(({ name, text, flags: [isTarget = false, isReporter = false, isSubject = false] }, index) => ({
    name,
    text,
    at: `2026-11-20T18:5${index}:00.000Z`,
    isTarget,
    isReporter,
    isSubject,
  })),
  history: [
    { ...BAN, id: "s0", kind: "warn", state: "ended", until: null, objection: "", acknowledgedAt: BAN.at },
  ],
  reportsOfTarget: 3,
};

export const SANCTIONS: SanctionPage = {
  items: [BAN, { ...BAN, id: "s2", kind: "mute", target: AIKO, message: "", objection: "", by: null }],
  nextCursor: null,
};

export const LOG: LogPage = {
  items: [
    {
      id: 2,
      at: BAN.at,
      action: "sanction",
      moderator: "Priya",
      target: MATEO,
      kind: "ban",
      until: BAN.until,
      note: "Third time this week.",
      reportId: "x1",
    },
    {
      id: 1,
      at: "2026-11-19T20:00:00.000Z",
      action: "grant",
      moderator: null,
      target: AIKO,
      kind: null,
      until: null,
      note: "",
      reportId: null,
    },
  ],
  nextCursor: null,
};

export const STANDING: Standing = { warnings: [], mutedUntil: null, muteMessage: "", isModerator: false };
export const MODERATOR: Standing = { ...STANDING, isModerator: true };
export const MUTED: Standing = {
  ...STANDING,
  mutedUntil: "2099-11-27T20:00:00.000Z",
  muteMessage: "Three people asked you to stop.",
};
export const BANNED: BanNotice = {
  scope: "account",
  until: "2099-11-27T20:00:00.000Z",
  reason: "insults",
  message: "Three people asked you to stop.",
  contact: "hello@example.org",
  canObject: true,
};
