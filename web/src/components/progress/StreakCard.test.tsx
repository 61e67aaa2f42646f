import { screen, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Streak, StreakDay } from "../../protocol";
import { renderUi } from "../../test/render";
import { StreakCard, weeksOf } from "./StreakCard";

const store = vi.hoisted(() => ({ streak: undefined as Streak | undefined }));
vi.mock("../../hooks", () => ({ useStreak: () => ({ data: store.streak }) }));

/** Days until Wednesday, 18 November 2026. */
const days = (states: StreakDay["state"][]): StreakDay[] =>
  states.map((state, index) => ({
    day: new Date(Date.UTC(2026, 10, 19 - states.length + index)).toISOString().slice(0, 10),
    state,
  }));

const STREAK: Streak = {
  length: 3,
  best: 3,
  hasFreeze: true,
  returnsIn: 0,
  isTodayDone: true,
  days: days(["open", "kept", "kept", "kept"]),
};

describe("the streak", () => {
  it("says each day in words, not by colour alone", () => {
    store.streak = STREAK;
    renderUi(<StreakCard />);
    const calendar = screen.getByRole("table", { name: "The last five weeks, day by day" });
    expect(within(calendar).getByText("November 18: practised")).toBeTruthy();
    expect(within(calendar).getByText("November 15: no practice")).toBeTruthy();
  });

  it("blames nobody for a missed day", () => {
    store.streak = {
      ...STREAK,
      isTodayDone: false,
      hasFreeze: false,
      returnsIn: 7,
      days: days(["kept", "saved", "open"]),
    };
    renderUi(<StreakCard />);
    expect(screen.getByText(/Yesterday was your day off: your freeze keeps the streak/)).toBeTruthy();
    expect(screen.getByText(/It comes back after 7 more days/)).toBeTruthy();
  });

  it("invites to a new one, and shows the longest one", () => {
    store.streak = {
      ...STREAK,
      length: 0,
      best: 12,
      isTodayDone: false,
      days: days(["open", "open", "open"]),
    };
    renderUi(<StreakCard />);
    expect(screen.getByText("No streak right now")).toBeTruthy();
    expect(screen.getByText(/Your longest streak: 12 days/)).toBeTruthy();
  });
});

describe("the calendar", () => {
  it("begins each row on Monday", () => {
    const rows = weeksOf(days(Array.from({ length: 10 }, () => "open")));
    expect(rows.map((row) => row.map((day) => day?.day.slice(-2) ?? "-").join(" "))).toEqual([
      "09 10 11 12 13 14 15",
      "16 17 18 - - - -",
    ]);
  });
});
