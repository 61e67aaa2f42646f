import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { WeekGoal } from "../../protocol";
import { renderUi } from "../../test/render";
import { WeekGoalCard } from "./WeekGoalCard";

const store = vi.hoisted(() => ({ week: undefined as WeekGoal | undefined, set: vi.fn() }));
vi.mock("../../hooks", () => ({
  useWeekGoal: () => ({ data: store.week }),
  useSetWeekGoal: () => ({ mutateAsync: store.set, isPending: false }),
}));

const WEEK: WeekGoal = { kind: null, target: null, monday: "2026-11-30", days: 2, minutes: 12.7 };

it("sets a goal by keyboard", async () => {
  store.week = WEEK;
  renderUi(<WeekGoalCard />);
  const keys = userEvent.setup();
  await keys.click(screen.getByRole("button", { name: "Set a goal" }));
  await keys.selectOptions(screen.getByRole("combobox", { name: "Count" }), "minutes");
  const target = screen.getByRole("spinbutton", { name: /In a week/ });
  await keys.clear(target);
  await keys.type(target, "90{Enter}");
  expect(store.set).toHaveBeenCalledWith({ kind: "minutes", target: 90 });
});

it("says how far one is, and rounds no minute up", () => {
  store.week = { ...WEEK, kind: "minutes", target: 13 };
  renderUi(<WeekGoalCard />);
  expect(screen.getByText("You spoke 12 of 13 minutes.")).toBeTruthy();
  expect(screen.getByRole("progressbar").getAttribute("value")).toBe("12");
});

it("says that a goal is reached", () => {
  store.week = { ...WEEK, kind: "days", target: 2 };
  renderUi(<WeekGoalCard />);
  expect(screen.getByText("2 of 2 days with a talk. You have reached your goal.")).toBeTruthy();
});
