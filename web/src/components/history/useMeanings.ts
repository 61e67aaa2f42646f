import { useTranslation } from "react-i18next";
import type { ProgressDay } from "../../protocol";
import { shortDay } from "./BarChart";

const WEEK = 7;

/** The meaning of each chart of the progress in one sentence. */
export function useMeanings(days: ProgressDay[]): Record<"minutes" | "turns" | "corrections", string> {
  const { t, i18n } = useTranslation();
  const busy = days.filter((day) => day.turns > 0 || day.minutes > 0);
  const [first] = busy;
  if (!first) return { minutes: "", turns: "", corrections: "" };
  const best = busy.reduce((most, day) => (day.minutes > most.minutes ? day : most), first);
  const turns = busy.reduce((total, day) => total + day.turns, 0);
  const now = per10Turns(days.slice(-WEEK));
  const before = per10Turns(days.slice(-2 * WEEK, -WEEK));
  const figure = (value: number) => value.toLocaleString(i18n.language, { maximumFractionDigits: 1 });
  return {
    minutes: t("history.meanings.minutes", {
      count: busy.length,
      days: days.length,
      day: shortDay(best.day, i18n.language),
      minutes: Math.max(1, Math.round(best.minutes)),
    }),
    turns: t("history.meanings.turns", { count: Math.round(turns / busy.length) }),
    corrections:
      now === null || before === null
        ? t("history.meanings.corrections", { rate: figure(per10Turns(days) ?? 0) })
        : t("history.meanings.correctionsByWeek", { now: figure(now), before: figure(before) }),
  };
}

/** Corrections for every ten turns; null without turns. */
function per10Turns(days: ProgressDay[]): number | null {
  const turns = days.reduce((total, day) => total + day.turns, 0);
  return turns === 0 ? null : (10 * days.reduce((total, day) => total + day.corrections, 0)) / turns;
}
