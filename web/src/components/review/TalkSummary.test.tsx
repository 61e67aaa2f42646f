import { screen, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { FeedbackItem, TalkSummary as Summary } from "../../protocol";
import { renderUi } from "../../test/render";
import { TalkSummary } from "./TalkSummary";

const talk = vi.hoisted(() => ({ data: undefined as Summary | undefined }));
vi.mock("../../hooks", async () => ({
  ...(await import("../../core/word-diff")),
  useTalkSummary: () => talk,
  useSpokenAnswer: () => ({ isSupported: false, status: "off" }),
  hasFailed: () => false,
  canSpeak: () => true,
  stopSpeaking: () => {},
  speak: () => {},
  useCall: () => ({ me: null }),
}));

const item = (id: string, said: string, better: string): FeedbackItem => ({
  id,
  turnId: id,
  originalSentence: said,
  correctedSentence: better,
  explanation: `why ${id}`,
  category: "tense",
  hint: null,
});

const EMPTY: Summary = {
  conversationId: "k1",
  language: "en",
  minutes: 0,
  speakingMinutes: 0,
  turns: 3,
  sentences: null,
  right: null,
  corrections: 0,
  mended: [],
  used: [],
  keep: [],
  words: [],
};

function show(change: Partial<Summary> = {}) {
  talk.data = { ...EMPTY, ...change };
  renderUi(<TalkSummary conversationId="k1" />);
  return within(screen.getByRole("region", { name: "Your talk" }));
}

describe("the summary of a talk", () => {
  it("is not shown where nothing was said", () => {
    talk.data = { ...EMPTY, turns: 0 };
    renderUi(<TalkSummary conversationId="k1" />);
    expect(screen.queryByRole("region")).toBeNull();
  });

  it("says nothing of right sentences where no engine checks the language", () => {
    const summary = show();
    expect(summary.getByText("You spoke or typed 3 times.")).toBeTruthy();
    expect(summary.queryByText(/correction/i)).toBeNull();
  });

  it("says with the figures that not all mistakes are found", () => {
    const summary = show({ sentences: 5, right: 4, speakingMinutes: 1.5 });
    expect(summary.getByText(/4 of 5 sentences needed no correction. Emma can check some/)).toBeTruthy();
    expect(summary.getByText(/1.5 minutes of your own speech/)).toBeTruthy();
    expect(summary.getByText(/^No corrections/)).toBeTruthy();
  });

  it("shows what was mended, and corrections to keep with a way to hear them and to review them", () => {
    const goed = item("a", "I goed", "I went");
    const summary = show({
      sentences: 5,
      right: 3,
      corrections: 2,
      mended: [goed],
      keep: [
        { item: { ...goed, hint: "think of the past" }, times: 3, mistakeId: "x" },
        { item: item("b", "I eated", "I ate"), times: 1, mistakeId: null },
      ],
    });
    expect(summary.getByRole("heading", { name: "2 things to keep" })).toBeTruthy();
    expect(summary.getAllByRole("button", { name: /^Hear it: I (went|ate)$/ })).toHaveLength(2);
    expect(summary.getByText("3 times")).toBeTruthy();
    expect(summary.getByText("I went", { selector: "q" })).toBeTruthy();
    expect(summary.queryByRole("button", { name: "Show answer" })).toBeNull();
    expect(summary.getByRole("link").getAttribute("href")).toBe("/practice/mistakes");
  });
});
