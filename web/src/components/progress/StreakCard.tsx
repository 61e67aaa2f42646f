import { useTranslation } from "react-i18next";
import { useStreak } from "../../hooks";
import type { Streak, StreakDay } from "../../protocol";
import classes from "./Progress.module.css";

/** Days in a row with the freeze, and the last five weeks as a calendar. Nothing until they are known. */
export function StreakCard() {
  const { t } = useTranslation();
  const { data: streak } = useStreak();
  if (!streak) return null;
  return (
    <section className={classes.card} aria-labelledby="streak">
      <h2 id="streak">{t("streak.title")}</h2>
      <p className={classes.big}>{t("streak.length", { count: streak.length })}</p>
      <p>{t(`streak.today.${todayOf(streak)}`)}</p>
      <Calendar days={streak.days} />
      <p className={classes.note}>
        {streak.hasFreeze ? t("streak.freeze") : t("streak.freezeUsed", { count: streak.returnsIn })}
        {streak.best > streak.length && ` ${t("streak.best", { count: streak.best })}`}
      </p>
    </section>
  );
}

function todayOf({ length, isTodayDone, days }: Streak): "done" | "open" | "saved" | "none" {
  if (isTodayDone) return "done";
  if (length === 0) return "none";
  return days.at(-2)?.state === "saved" ? "saved" : "open";
}

/** Weeks as rows from Monday to Sunday; the last day is today. */
export function Calendar({ days }: { days: StreakDay[] }) {
  const { t, i18n } = useTranslation();
  const rows = weeksOf(days);
  const weekdays = rows.at(0) ? weekdayNames(i18n.language) : [];
  return (
    <table className={classes.calendar}>
      <caption className={classes.hidden}>{t("streak.calendar")}</caption>
      <thead>
        <tr>
          {weekdays.map(({ short, long }) => (
            <th key={long} scope="col" abbr={long}>
              {short}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.find(Boolean)?.day}>
            {row.map((day, index) =>
              day ? (
                <td key={day.day}>
                  <Day day={day} isToday={day === days.at(-1)} />
                </td>
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: a place without a day has nothing else
                <td key={index} />
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Day({ day, isToday }: { day: StreakDay; isToday: boolean }) {
  const { t, i18n } = useTranslation();
  const date = new Date(`${day.day}T00:00:00Z`);
  const name = date.toLocaleDateString(i18n.language, { day: "numeric", month: "long", timeZone: "UTC" });
  return (
    <span className={classes.day} data-state={day.state} data-today={isToday}>
      <span aria-hidden="true">{date.getUTCDate()}</span>
      <span className={classes.hidden}>{t(`streak.days.${day.state}`, { day: name })}</span>
    </span>
  );
}

/** Seven places a row; null for days before the first and after the last one. */
export function weeksOf(days: StreakDay[]): (StreakDay | null)[][] {
  const first = days[0];
  if (!first) return [];
  const monday = (new Date(`${first.day}T00:00:00Z`).getUTCDay() + 6) % 7;
  const places: (StreakDay | null)[] = [...Array.from({ length: monday }, () => null), ...days];
  while (places.length % 7) places.push(null);
  return Array.from({ length: places.length / 7 }, (_, week) => places.slice(week * 7, week * 7 + 7));
}

function weekdayNames(locale: string): { short: string; long: string }[] {
  // 30 November 2026 was a Monday.
  const days = Array.from({ length: 7 }, (_, n) => new Date(Date.UTC(2026, 10, 30 + n)));
  const name = (day: Date, weekday: "narrow" | "short" | "long") =>
    day.toLocaleDateString(locale, { weekday, timeZone: "UTC" });
  return days.map((day) => ({ short: name(day, "short"), long: name(day, "long") }));
}
