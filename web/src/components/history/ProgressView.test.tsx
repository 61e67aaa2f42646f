import { screen } from "@testing-library/react";
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
});
