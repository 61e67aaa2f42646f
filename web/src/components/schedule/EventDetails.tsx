import { Alert, Anchor, Badge, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { useAccount, useSession } from "../../hooks";
import { useNames } from "../../i18n/names";
import type { EventView } from "../../protocol";
import { LevelBadge } from "../common/LevelBadge";
import { OccurrenceRow } from "./OccurrenceRow";
import { ruleText } from "./rule-text";
import classes from "./Schedule.module.css";
import { ownZone, zoneName } from "./useTimes";

/** An event with the times at which it takes place. */
export function EventDetails({ event, invite }: { event: EventView; invite: string | undefined }) {
  const { t, i18n } = useTranslation();
  const names = useNames();
  const { user } = useSession();
  const [params] = useSearchParams();
  const meant = params.get("at");
  const link = event.invite ? `?invite=${event.invite}` : invite ? `?invite=${invite}` : "";
  return (
    <>
      <Title order={1} tabIndex={-1} dir="auto">
        {event.name}
      </Title>
      {event.isCancelled && <Alert color="red">{t("schedule.cancelled")}</Alert>}
      {event.topic && <p dir="auto">{event.topic}</p>}
      <div className={`${classes.row} ${classes.facts}`}>
        <LevelBadge level={event.level} withName />
        <span>{names.language(event.language)}</span>
        <span className={classes.soft}>{t("schedule.by", { name: event.host.name })}</span>
        <span className={classes.soft}>{t("schedule.length", { minutes: event.durationMinutes })}</span>
        {event.tags.map((tag) => (
          <Badge key={tag} variant="light" dir="auto">
            {tag}
          </Badge>
        ))}
      </div>
      {event.repeat && (
        <p className={classes.soft}>
          {ruleText(t, i18n.language, event.repeat)}
          {event.timeZone !== ownZone() && ` ${t("schedule.ruleZone", { zone: zoneName(event.timeZone) })}`}
        </p>
      )}
      {event.invite && (
        <Text mt="sm" c="dimmed">
          {t("schedule.privateLink")} <code>{`${window.location.origin}/schedule/${event.id}${link}`}</code>
        </Text>
      )}
      <div className={classes.row}>
        <Anchor href={`/api/events/${event.id}.ics${link}`} download>
          {t("schedule.file")}
        </Anchor>
      </div>
      {user && !event.isMine && <KeepFirst />}
      <ul className={classes.list}>
        {event.occurrences.map((occurrence) => (
          <OccurrenceRow
            key={occurrence.id}
            event={event}
            occurrence={occurrence}
            invite={invite}
            isMeant={occurrence.id === meant}
          />
        ))}
      </ul>
    </>
  );
}

/** Guests may come, but need an account for a place. */
function KeepFirst() {
  const { t } = useTranslation();
  const { data } = useAccount();
  if (!data?.isGuest) return null;
  return (
    <Alert color="brass" mt="md">
      {t("schedule.guest")} <Link to="/profile">{t("schedule.keep")}</Link>
    </Alert>
  );
}
