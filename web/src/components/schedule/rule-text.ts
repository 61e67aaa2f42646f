import type { TFunction } from "i18next";
import type { RepeatView } from "../../protocol";
import { WEEKDAYS } from "./repeat";

/** A Monday. */
const A_MONDAY = Date.UTC(2027, 2, 8);
const DAY_MS = 86_400_000;

/** The name of a weekday; Monday is 0. */
export function weekdayName(language: string, index: number, weekday: "short" | "long"): string {
  const format = new Intl.DateTimeFormat(language, { weekday, timeZone: "UTC" });
  return format.format(A_MONDAY + index * DAY_MS);
}

/** "Every Tuesday, until 30 June 2027": how often an event takes place, in the page's language. */
export function ruleText(t: TFunction, language: string, repeat: RepeatView): string {
  const names = repeat.days.map((day) => weekdayName(language, WEEKDAYS.indexOf(day), "long"));
  const which = repeat.nth === -1 ? "last" : (repeat.nth ?? 1);
  const words = {
    days: new Intl.ListFormat(language).format(names),
    day: repeat.monthDay,
    which: t(`schedule.which.${which}`),
  };
  const kind = repeat.nth === null ? repeat.frequency : "nth";
  const rule =
    repeat.interval === 1
      ? t(`schedule.rule.${kind}`, words)
      : t(`schedule.ruleEach.${kind}`, { ...words, count: repeat.interval });
  const end = endText(t, language, repeat);
  return end ? `${rule}, ${end}` : rule;
}

function endText(t: TFunction, language: string, { until, count }: RepeatView): string | null {
  if (until === null) return count === null ? null : t("schedule.ruleCount", { count });
  const format = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });
  return t("schedule.ruleUntil", { date: format.format(new Date(`${until}T12:00:00Z`)) });
}
