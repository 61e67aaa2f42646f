import { Button, SegmentedControl, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useEvents, useSession } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { FormError } from "../common/form-errors";
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
  const list = useEvents(shown === "mine");
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
      {list.error ? (
        <FormError>{errorText(t, list.error)}</FormError>
      ) : list.isLoading ? (
        <PageLoader />
      ) : list.events.length === 0 ? (
        <StatusPage as="note" title={t("schedule.none")} text={t("schedule.noneText")} />
      ) : (
        <ul className={classes.list}>
          {list.events.map((event) => (
            <EventCard key={event.occurrence.id} event={event} />
          ))}
        </ul>
      )}
      {list.hasMore && (
        <Button variant="default" mt="md" onClick={list.loadMore}>
          {t("schedule.more")}
        </Button>
      )}
      {user && <CalendarAddress />}
    </>
  );
}
