import { Badge, Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useScheduleActions, useSession } from "../../hooks";
import type { EventView, OccurrenceView } from "../../protocol";
import { useOrNotify } from "../account/useOrNotify";
import { useIsAfter } from "../common/useIsAfter";
import { HostActions } from "./HostActions";
import { PlaceActions } from "./PlaceActions";
import classes from "./Schedule.module.css";
import { useTimes } from "./useTimes";

interface Props {
  event: EventView;
  occurrence: OccurrenceView;
  invite: string | undefined;
  /** The address names this time: it is scrolled to, and marked. */
  isMeant: boolean;
}

const MINUTE_MS = 60_000;

/** One time of an event: its places, and what the reader can do about it. */
export function OccurrenceRow({ event, occurrence, invite, isMeant }: Props) {
  const { t } = useTranslation();
  const times = useTimes();
  const theirs = times.theirs(occurrence.startsAt, event.timeZone);
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isMeant) row.current?.scrollIntoView({ block: "nearest" });
  }, [isMeant]);
  return (
    <li ref={row} className={classes.card} aria-current={isMeant || undefined}>
      <time className={classes.when} dateTime={occurrence.startsAt}>
        {times.own(occurrence.startsAt)}
      </time>
      {theirs && <p className={classes.soft}>{t("schedule.organiserTime", { time: theirs })}</p>}
      {occurrence.name !== event.name && <strong dir="auto">{occurrence.name}</strong>}
      {occurrence.topic !== event.topic && <span dir="auto">{occurrence.topic}</span>}
      <div className={classes.row}>
        <span className={classes.soft}>
          {t("schedule.places", { going: occurrence.going, places: occurrence.places })}
        </span>
        {occurrence.waiting > 0 && (
          <span className={classes.soft}>{t("schedule.waiting", { count: occurrence.waiting })}</span>
        )}
        {occurrence.myPlace && <Badge>{t(`schedule.mine.${occurrence.myPlace}`)}</Badge>}
        {occurrence.myPlace === "waiting" && (
          <span className={classes.soft}>{t("schedule.position", { position: occurrence.ahead + 1 })}</span>
        )}
      </div>
      {occurrence.isCancelled ? (
        <p className={classes.soft}>{t("schedule.cancelledOne")}</p>
      ) : (
        <Actions event={event} occurrence={occurrence} invite={invite} />
      )}
    </li>
  );
}

function Actions({ event, occurrence, invite }: Omit<Props, "isMeant">) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { user } = useSession();
  const { enter } = useScheduleActions();
  const { isBusy, run } = useOrNotify();
  const isOpen = useIsAfter(Date.parse(occurrence.startsAt) - event.doorsMinutes * MINUTE_MS);
  if (!user) return null;
  const goIn = () =>
    run(async () => {
      const room = await enter(event.id, occurrence.id, invite);
      const search = room.invite ? `?invite=${encodeURIComponent(room.invite)}` : "";
      await navigate(`/rooms/${room.roomId}${search}`);
    });
  return (
    <>
      {isOpen && (
        <div className={classes.row}>
          <Button loading={isBusy} onClick={() => void goIn()}>
            {t("schedule.enter")}
          </Button>
        </div>
      )}
      {event.isMine ? (
        <HostActions event={event} occurrence={occurrence} isOpen={isOpen} />
      ) : (
        <PlaceActions event={event} occurrence={occurrence} invite={invite} isOpen={isOpen} />
      )}
    </>
  );
}
