import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useNames } from "../../i18n/names";
import type { ListedEvent } from "../../protocol";
import { LevelBadge } from "../common/LevelBadge";
import classes from "./Schedule.module.css";
import { useTimes } from "./useTimes";

/** One time of an event in a list. */
export function EventCard({ event }: { event: ListedEvent }) {
  const { t } = useTranslation();
  const names = useNames();
  const times = useTimes();
  const { occurrence } = event;
  const theirs = times.theirs(occurrence.startsAt, event.timeZone);
  return (
    <li className={classes.card}>
      <h3 className={classes.title} dir="auto">
        <Link to={`/schedule/${occurrence.eventId}?at=${occurrence.id}`} className={classes.link}>
          {occurrence.name}
        </Link>
      </h3>
      <time className={classes.when} dateTime={occurrence.startsAt}>
        {times.own(occurrence.startsAt)}
      </time>
      {theirs && <p className={classes.soft}>{t("schedule.organiserTime", { time: theirs })}</p>}
      <div className={classes.row}>
        <LevelBadge level={event.level} />
        <span>{names.language(event.language)}</span>
        <span className={classes.soft}>{t("schedule.by", { name: event.host.name })}</span>
        <span className={classes.soft}>
          {t("schedule.places", { going: occurrence.going, places: occurrence.places })}
        </span>
        {event.isMine && <Badge>{t("schedule.hosting")}</Badge>}
        {occurrence.myPlace && <Badge>{t(`schedule.mine.${occurrence.myPlace}`)}</Badge>}
      </div>
    </li>
  );
}
