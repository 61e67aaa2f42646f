import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useLastWeek } from "../../hooks";
import type { WeekSummary } from "../../protocol";
import { shortDay } from "../history/BarChart";
import classes from "./Progress.module.css";

/** The summary of last week. Renders nothing for a week without practice, and until it is loaded. */
export function LastWeek() {
  const { data } = useLastWeek();
  return data && hasPractice(data) ? <WeekFigures week={data} /> : null;
}

const hasPractice = ({ days, minutes, people, mended, words }: WeekSummary) =>
  days + minutes + people + mended + words > 0;

export function WeekFigures({ week }: { week: WeekSummary }) {
  const { t, i18n } = useTranslation();
  const { monday, due } = week;
  const figures = [
    ["minutes", Math.round(week.minutes)],
    ["days", week.days],
    ["people", week.people],
    ["mended", week.mended],
    ["words", week.words],
  ] as const;
  return (
    <section className={classes.card} aria-labelledby="last-week">
      <h2 id="last-week">{t("week.title")}</h2>
      <p className={classes.note}>
        {t("week.from", {
          first: shortDay(monday, i18n.language),
          last: shortDay(sunday(monday), i18n.language),
        })}
      </p>
      <dl className={classes.figures}>
        {figures.map(([name, count]) => (
          <div key={name}>
            <dt>{t(`week.figures.${name}`)}</dt>
            <dd>{count.toLocaleString(i18n.language)}</dd>
          </div>
        ))}
      </dl>
      {due > 0 && (
        <p>
          <Link to="/practice/mistakes" className={classes.link}>
            {t("week.due", { count: due })}
          </Link>
        </p>
      )}
    </section>
  );
}

function sunday(monday: string): string {
  const day = new Date(`${monday}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 6);
  return day.toISOString().slice(0, 10);
}
