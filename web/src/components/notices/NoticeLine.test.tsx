import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Notice } from "../../protocol";
import { renderUi } from "../../test/render";
import { NoticeLine } from "./NoticeLine";

const WEEK = { monday: "2026-11-09", days: 4, minutes: 46.4, people: 3, mended: 5, words: 8, due: 2 };

it.each<[Notice["body"], string]>([
  [{ kind: "achievements", names: ["streak_7"] }, "New badge: “Lamp”"],
  [{ kind: "achievements", names: ["streak_7", "people_10"] }, "New badges: “Lamp”, “Round table”"],
  [{ kind: "week_summary", week: WEEK, goalReached: false }, "Your last week: 46 minutes spoken"],
  [
    { kind: "week_summary", week: WEEK, goalReached: true },
    "Your last week: 46 minutes spoken, and you reached your goal",
  ],
])("a notice of progress leads to the page with badges", (body, text) => {
  renderUi(<NoticeLine body={body} />);
  expect(screen.getByRole("link", { name: text }).getAttribute("href")).toBe("/progress");
});
