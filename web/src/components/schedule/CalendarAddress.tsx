import { Button, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCalendarFeed, useScheduleActions } from "../../hooks";
import { useOrNotify } from "../account/useOrNotify";
import classes from "./Schedule.module.css";

/** The secret address of one's calendar: made, shown once, revoked. */
export function CalendarAddress() {
  const { t } = useTranslation();
  const { data } = useCalendarFeed();
  const { makeFeed, deleteFeed, isPending } = useScheduleActions();
  const { run } = useOrNotify();
  const [path, setPath] = useState<string | null>(null);
  const make = () => run(async () => setPath((await makeFeed()).path));
  const remove = () =>
    run(async () => {
      await deleteFeed();
      setPath(null);
    });
  return (
    <section className={classes.section} aria-labelledby="calendar-address">
      <Title order={2} size="h4" id="calendar-address">
        {t("schedule.calendar")}
      </Title>
      <Text c="dimmed">{t("schedule.calendarText")}</Text>
      {path && (
        <TextInput
          readOnly
          my="sm"
          label={t("schedule.calendarOnce")}
          value={`${window.location.origin.replace(/^http/, "webcal")}${path}`}
          onFocus={(event) => event.currentTarget.select()}
        />
      )}
      <div className={classes.row}>
        <Button variant="light" loading={isPending} onClick={make}>
          {t(data?.createdAt ? "schedule.calendarNew" : "schedule.calendarMake")}
        </Button>
        {data?.createdAt && (
          <Button variant="default" disabled={isPending} onClick={remove}>
            {t("schedule.calendarRevoke")}
          </Button>
        )}
      </div>
    </section>
  );
}
