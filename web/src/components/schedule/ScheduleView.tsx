import { Button, SegmentedControl, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useEvents, useSession } from "../../hooks";
import { PageLoader } from "../common/PageLoader";
import { StatusPage } from "../common/StatusPage";
import { CalendarAddress } from "./CalendarAddress";
import { EventCard } from "./EventCard";
import classes from "./Schedule.module.css";
import { ownZone } from "./useTimes";

export function ScheduleView() {
  const { t } = useTranslation();
  const { user } = useSession();
  const [shown, setShown] = useState<"all" | "mine">("all");
  const { data } = useEvents(shown === "mine");
  return (
    <>
      <div className={classes.head}>
        {user && (
          <SegmentedControl
            value={shown}
            onChange={(value) => setShown(value === "mine" ? "mine" : "all")}
            data={[
              { value: "all", label: t("schedule.all") },
              { value: "mine", label: t("schedule.yours") },
            ]}
          />
        )}
        <Button component={Link} to="/schedule/new" leftSection={<IconPlus size={18} aria-hidden="true" />}>
          {t("schedule.plan")}
        </Button>
      </div>
      <Text c="dimmed" mt="sm">
        {t("schedule.zone", { zone: ownZone().replaceAll("_", " ") })}
      </Text>
      {!data ? (
        <PageLoader />
      ) : data.items.length === 0 ? (
        <StatusPage as="note" title={t("schedule.none")} text={t("schedule.noneText")} />
      ) : (
        <ul className={classes.list}>
          {data.items.map((event) => (
            <EventCard key={event.occurrence.id} event={event} />
          ))}
        </ul>
      )}
      {user && <CalendarAddress />}
    </>
  );
}
