import { Table } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useProgress } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { ProgressDay } from "../../protocol";
import { FormError } from "../common/form-errors";
import { PageLoader } from "../common/PageLoader";
import { useTopicName } from "../tutor/topics";
import { BarChart, shortDay } from "./BarChart";
import classes from "./ProgressView.module.css";
import { useMeanings } from "./useMeanings";

const DAYS = 30;
const SHOWN_TOPICS = 8;

/** Practice of the last 30 days: minutes, turns, corrections, topics. */
export function ProgressView() {
  const { t } = useTranslation();
  const { data, error } = useProgress(DAYS);
  if (error) return <FormError>{errorText(t, error)}</FormError>;
  if (!data) return <PageLoader />;
  return <Charts days={data.days} />;
}

export function Charts({ days }: { days: ProgressDay[] }) {
  const { t } = useTranslation();
  const topicName = useTopicName();
  const say = useMeanings(days);
  const bars = (of: (day: ProgressDay) => number) => days.map((day) => ({ day: day.day, value: of(day) }));
  const minutes = sum(days, (day) => day.minutes);
  if (days.every(isIdle)) return <p className={classes.topics}>{t("history.none")}</p>;
  const topics = [...new Set([...days].reverse().flatMap((day) => day.topics))].slice(0, SHOWN_TOPICS);
  return (
    <div className={classes.progress}>
      <div className={classes.charts}>
        <BarChart
          title={t("history.minutes")}
          total={
            minutes > 0 && minutes < 1
              ? t("history.minutesFew")
              : t("history.minutesValue", { minutes: Math.round(minutes) })
          }
          unit={t("history.units.minutes")}
          meaning={say.minutes}
          bars={bars((day) => day.minutes)}
        />
        <BarChart
          title={t("history.turns")}
          total={String(sum(days, (day) => day.turns))}
          unit={t("history.units.turns")}
          meaning={say.turns}
          bars={bars((day) => day.turns)}
        />
        <BarChart
          title={t("history.corrections")}
          total={String(sum(days, (day) => day.corrections))}
          unit={t("history.units.corrections")}
          meaning={say.corrections}
          bars={bars((day) => day.corrections)}
        />
      </div>
      {topics.length > 0 && (
        <p className={classes.topics} dir="auto">
          {t("history.topics", { topics: topics.map(topicName).join(", ") })}
        </p>
      )}
      <DayTable days={days} />
    </div>
  );
}

const sum = (days: ProgressDay[], of: (day: ProgressDay) => number) =>
  days.reduce((total, day) => total + of(day), 0);

const isIdle = (day: ProgressDay) => day.turns === 0 && day.minutes === 0;

/** The figures of the charts as a table, without days that have no practice. */
function DayTable({ days }: { days: ProgressDay[] }) {
  const { t, i18n } = useTranslation();
  const busy = days.filter((day) => !isIdle(day)).reverse();
  return (
    <details className={classes.details}>
      <summary className={classes.summary}>{t("history.table")}</summary>
      <Table.ScrollContainer minWidth={320} type="native">
        <Table captionSide="top">
          <Table.Caption>{t("history.tableCaption")}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t("history.day")}</Table.Th>
              <Table.Th scope="col">{t("history.minutes")}</Table.Th>
              <Table.Th scope="col">{t("history.turns")}</Table.Th>
              <Table.Th scope="col">{t("history.corrections")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {busy.map((day) => (
              <Table.Tr key={day.day}>
                <Table.Th scope="row" className={classes.day}>
                  {shortDay(day.day, i18n.language)}
                </Table.Th>
                <Table.Td>{day.minutes.toFixed(1)}</Table.Td>
                <Table.Td>{day.turns}</Table.Td>
                <Table.Td>{day.corrections}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </details>
  );
}
