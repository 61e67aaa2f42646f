import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { Streak, WeekGoal } from "../../protocol";
import { renderUi } from "../../test/render";
import WelcomeRing from "./WelcomeRing";

const store = vi.hoisted(() => ({ week: undefined as WeekGoal | undefined, streak: undefined as unknown }));
vi.mock("../../hooks", () => ({
  useWeekGoal: () => ({ data: store.week }),
  useStreak: () => ({ data: store.streak }),
}));

const WEEK: WeekGoal = { kind: "days", target: 3, monday: "2026-11-16", days: 2, minutes: 18.5 };
const streak = (length: number, best = length): Partial<Streak> => ({ length, best });

it("shows somebody who comes back how far they are, with a way to their badges", () => {
  [store.week, store.streak] = [WEEK, streak(4)];
  renderUi(<WelcomeRing />);
  const link = screen.getByRole("link", { name: /2 of 3 days this week.*4 days in a row/ });
  expect(link.getAttribute("href")).toBe("/progress");
});

it("counts days for somebody without a goal, and no broken streak", () => {
  [store.week, store.streak] = [{ ...WEEK, kind: null, target: null, days: 1 }, streak(0, 9)];
  renderUi(<WelcomeRing />);
  expect(screen.getByText("1 day with practice this week")).toBeTruthy();
  expect(screen.getByText("Your goals and badges")).toBeTruthy();
});

it("leaves those alone who have not begun", () => {
  [store.week, store.streak] = [WEEK, streak(0)];
  renderUi(<WelcomeRing />);
  expect(screen.queryByRole("link")).toBeNull();
});
