import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { ProgressDay } from "../../protocol";
import { renderUi } from "../../test/render";
import { Charts } from "./ProgressView";

const day = (date: number, minutes: number, turns: number): ProgressDay => ({
  day: `2026-11-0${date}`,
  minutes,
  speakingMinutes: minutes / 2,
  turns,
  corrections: 0,
  topics: [],
});

describe("the progress of a month", () => {
  it("shows a sentence instead of empty charts if there is none", () => {
    renderUi(<Charts days={[day(1, 0, 0), day(2, 0, 0)]} />);
    expect(screen.getByText("No practice in the last 30 days.")).toBeTruthy();
    expect(screen.queryByRole("img")).toBeNull();
  });

  it("never rounds a short conversation to zero", () => {
    renderUi(<Charts days={[day(1, 0, 0), day(2, 0.4, 2)]} />);
    expect(screen.getByText("under 1 min")).toBeTruthy();
  });

  it("is rounded to minutes", () => {
    renderUi(<Charts days={[day(1, 3.2, 4), day(2, 4.4, 5)]} />);
    expect(screen.getByText("8 min")).toBeTruthy();
  });

  it("says what the charts mean, to screen readers too", () => {
    const month = Array.from({ length: 14 }, (_, index) => ({
      ...day(0, index === 3 ? 18 : 2, 10),
      day: `2026-11-${String(index + 1).padStart(2, "0")}`,
      corrections: index < 7 ? 3 : 1,
    }));
    renderUi(<Charts days={month} />);
    const meanings = screen.getAllByRole("img").map((chart) => {
      const id = chart.getAttribute("aria-describedby") ?? "";
      return document.getElementById(id)?.textContent;
    });
    expect(meanings).toEqual([
      "You practised on 14 of 14 days, most on Nov 4: 18 min.",
      "You spoke about 10 times on a day with practice.",
      "1 for every 10 turns in the last 7 days, 3 in the 7 days before.",
    ]);
  });

  it("has a scale from zero", () => {
    renderUi(<Charts days={[day(1, 3.2, 4), day(2, 18, 5)]} />);
    const minutes = within(screen.getByText("minutes a day").closest("figure") as HTMLElement);
    for (const mark of ["20", "10", "0"]) expect(minutes.getByText(mark)).toBeTruthy();
  });
});
