import { useId } from "react";
import { useTranslation } from "react-i18next";
import classes from "./BarChart.module.css";
import { scaleTop } from "./scale";

export interface Bar {
  /** YYYY-MM-DD, in the learner's time zone. */
  day: string;
  value: number;
}

interface Props {
  title: string;
  /** Sum of all bars, with its unit. */
  total: string;
  /** Unit of the scale. */
  unit: string;
  /** The meaning of the chart in one sentence. */
  meaning: string;
  bars: Bar[];
}

const HEIGHT = 100;
const STEP = 10;

/** One bar for each day, with a scale. The table below the charts has the same figures as text. */
export function BarChart({ title, total, unit, meaning, bars }: Props) {
  const { t, i18n } = useTranslation();
  const meaningId = useId();
  const top = scaleTop(Math.max(...bars.map(({ value }) => value)));
  const width = bars.length * STEP;
  const middle = bars[Math.floor((bars.length - 1) / 2)];
  return (
    <figure className={classes.chart}>
      <figcaption className={classes.caption}>
        <span className={classes.title}>{title}</span>
        <span className={classes.total}>{total}</span>
      </figcaption>
      <p className={classes.meaning} id={meaningId}>
        {meaning}
      </p>
      <div className={classes.plot}>
        <span className={classes.unit} aria-hidden="true">
          {unit}
        </span>
        <div className={classes.scale} aria-hidden="true">
          {[top, top / 2, 0].map((mark) => (
            <span key={mark}>{mark.toLocaleString(i18n.language)}</span>
          ))}
        </div>
        <svg
          className={classes.bars}
          viewBox={`0 0 ${width} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={t("history.chart", { title, total })}
          aria-describedby={meaningId}
        >
          {[0, HEIGHT / 2, HEIGHT].map((y) => (
            <line key={y} className={classes.line} x2={width} y1={y} y2={y} />
          ))}
          {bars.map(({ day, value }, index) => {
            const height = value === 0 ? 0 : Math.max(3, (value / top) * HEIGHT);
            return (
              <rect
                key={day}
                className={classes.bar}
                x={index * STEP + 1.5}
                y={HEIGHT - height}
                width={STEP - 3}
                height={height}
              />
            );
          })}
        </svg>
        <p className={classes.days} aria-hidden="true">
          <span>{shortDay(bars[0]?.day, i18n.language)}</span>
          <span>{shortDay(middle?.day, i18n.language)}</span>
          <span>{shortDay(bars.at(-1)?.day, i18n.language)}</span>
        </p>
      </div>
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
