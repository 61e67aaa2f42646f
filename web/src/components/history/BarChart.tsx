import { useTranslation } from "react-i18next";
import classes from "./BarChart.module.css";

export interface Bar {
  /** YYYY-MM-DD, UTC. */
  day: string;
  value: number;
}

interface Props {
  title: string;
  /** Sum of all bars, with its unit. */
  total: string;
  bars: Bar[];
}

const HEIGHT = 96;
const STEP = 10;

/** One bar for each day. The table below the charts has the same figures as text. */
export function BarChart({ title, total, bars }: Props) {
  const { t, i18n } = useTranslation();
  const top = Math.max(1, ...bars.map(({ value }) => value));
  const width = bars.length * STEP;
  return (
    <figure className={classes.chart}>
      <figcaption className={classes.caption}>
        <span className={classes.title}>{title}</span>
        <span className={classes.total}>{total}</span>
      </figcaption>
      <svg
        className={classes.bars}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t("history.chart", { title, total })}
      >
        {bars.map(({ day, value }, index) => {
          const height = value === 0 ? 2 : Math.max(4, (value / top) * HEIGHT);
          return (
            <rect
              key={day}
              className={classes.bar}
              data-empty={value === 0}
              x={index * STEP + 1}
              y={HEIGHT - height}
              width={STEP - 2}
              height={height}
              rx={1.5}
            />
          );
        })}
      </svg>
      <p className={classes.axis} aria-hidden="true">
        <span>{shortDay(bars[0]?.day, i18n.language)}</span>
        <span>{shortDay(bars.at(-1)?.day, i18n.language)}</span>
      </p>
    </figure>
  );
}

export function shortDay(day: string | undefined, locale: string): string {
  if (!day) return "";
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(locale, {
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  });
}
