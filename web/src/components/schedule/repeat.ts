import type { CreateEvent } from "../../protocol";

export const REPEATS = ["once", "daily", "weekly", "monthly"] as const;
export const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** The repetition of an event, as the form holds it. `days`: weekdays of a weekly one; if empty, the weekday of the start. */
export interface Repeat {
  every: (typeof REPEATS)[number];
  days: readonly Weekday[];
  ends: "after" | "on";
  count: number;
  /** A day, `2027-06-30`; empty before one is chosen. */
  until: string;
}

export const ONCE: Repeat = { every: "once", days: [], ends: "after", count: 10, until: "" };

/** The rule that the server expects. */
export function ruleOf({ every, days, ends, count, until }: Repeat): CreateEvent["repeat"] {
  if (every === "once") return null;
  return {
    frequency: every,
    ...(every === "weekly" && days.length > 0 ? { days: [...days] } : {}),
    ...(ends === "after" ? { count } : { until }),
  };
}

/** The weekday of a local time, `2027-03-09T19:00`. */
export function weekdayOf(start: string): Weekday | null {
  const day = new Date(`${start.slice(0, 10)}T12:00:00Z`).getUTCDay();
  return Number.isNaN(day) ? null : (WEEKDAYS[(day + 6) % 7] ?? null);
}

/** The last day on which a series may end: a year after its start. */
export function latestEnd(start: string): string | undefined {
  const day = new Date(`${start.slice(0, 10)}T12:00:00Z`);
  if (Number.isNaN(day.getTime())) return undefined;
  day.setUTCDate(day.getUTCDate() + 366);
  return day.toISOString().slice(0, 10);
}
