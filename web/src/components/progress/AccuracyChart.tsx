import { Table } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useAccuracy } from "../../hooks";
import type { Accuracy } from "../../protocol";
import { shortDay } from "../history/BarChart";
import classes from "./Progress.module.css";
import { pointsOf, type Rate, ratesOf } from "./rates";

const WEEKS = 8;
const SHOWN = 6;
const WIDTH = 200;
const HEIGHT = 44;

/** The rate of each kind of mistake for every 100 turns, week by week. */
export function AccuracyChart() {
  const { t } = useTranslation();
  const { data } = useAccuracy(WEEKS);
  if (!data) return null;
  const rates = ratesOf(data).slice(0, SHOWN);
  return (
    <section className={classes.section} aria-labelledby="accuracy">
      <h2 id="accuracy">{t("accuracy.title")}</h2>
      <p className={classes.lead}>{t("accuracy.lead")}</p>
      {rates.length === 0 ? (
        <p className={classes.note}>{t("accuracy.none")}</p>
      ) : (
        <>
          <Charts rates={rates} weeks={data.weeks} />
          <Numbers rates={rates} accuracy={data} />
        </>
      )}
      <p>
        <Link to="/practice/mistakes" className={classes.link}>
          {t("accuracy.mistakes")}
        </Link>
      </p>
    </section>
  );
}

/** All have one scale, so that they can be compared. */
export function Charts({ rates, weeks }: { rates: Rate[]; weeks: string[] }) {
  const { i18n } = useTranslation();
  const top = Math.max(10, ...rates.flatMap((rate) => rate.weeks.map((value) => value ?? 0)));
  return (
    <ul className={classes.rates}>
      {rates.map((rate) => (
        <li key={rate.category} className={classes.card}>
          <RateText rate={rate} />
          <svg
            className={classes.plot}
            viewBox={`-4 -4 ${WIDTH + 8} ${HEIGHT + 8}`}
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            <line className={classes.base} x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
            <Curve points={pointsOf(rate.weeks, top, WIDTH, HEIGHT)} />
          </svg>
          <p className={classes.ends} aria-hidden="true">
            <span>{shortDay(weeks[0], i18n.language)}</span>
            <span>{shortDay(weeks.at(-1), i18n.language)}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}

/** Lines without length have round ends, which stay round when the picture is stretched. */
function Curve({ points }: { points: string[] }) {
  return (
    <>
      <polyline className={classes.curve} points={points.join(" ")} />
      {points.map((point) => (
        <polyline key={point} className={classes.point} points={`${point} ${point}`} />
      ))}
    </>
  );
}

function RateText({ rate: { category, now, before } }: { rate: Rate }) {
  const { t, i18n } = useTranslation();
  const shown = (rate: number) => Math.round(rate).toLocaleString(i18n.language);
  const change = before === null || Math.round(now) === Math.round(before) ? null : now < before;
  return (
    <>
      <h3 className={classes.category}>{t(`tutor.categories.${category}`)}</h3>
      <p className={classes.rate}>
        <strong>{t("accuracy.rate", { rate: shown(now) })}</strong>{" "}
        {change !== null && before !== null && (
          <span className={change ? classes.better : classes.note}>
            {t(change ? "accuracy.fewer" : "accuracy.more", { before: shown(before) })}
          </span>
        )}
      </p>
    </>
  );
}

function Numbers({ rates, accuracy }: { rates: Rate[]; accuracy: Accuracy }) {
  const { t, i18n } = useTranslation();
  return (
    <details className={classes.details}>
      <summary>{t("accuracy.table")}</summary>
      <Table.ScrollContainer minWidth={420} type="native">
        <Table captionSide="top">
          <Table.Caption>{t("accuracy.caption")}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t("accuracy.week")}</Table.Th>
              <Table.Th scope="col">{t("accuracy.turns")}</Table.Th>
              {rates.map(({ category }) => (
                <Table.Th key={category} scope="col">
                  {t(`tutor.categories.${category}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {accuracy.weeks.map((week, index) => (
              <Table.Tr key={week}>
                <Table.Th scope="row" className={classes.when}>
                  {shortDay(week, i18n.language)}
                </Table.Th>
                <Table.Td>{accuracy.turns[index]}</Table.Td>
                {rates.map(({ category, weeks }) => {
                  const rate = weeks[index];
                  return (
                    <Table.Td key={category}>{typeof rate === "number" ? Math.round(rate) : "–"}</Table.Td>
                  );
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </details>
  );
}
