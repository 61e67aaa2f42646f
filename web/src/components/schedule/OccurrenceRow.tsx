import { Badge, Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useEventPeople, useScheduleActions, useSession } from "../../hooks";
import type { EventView, OccurrenceView } from "../../protocol";
import { useOrNotify } from "../account/useOrNotify";
import { useHasPassed } from "../common/useHasPassed";
import classes from "./Schedule.module.css";
import { useTimes } from "./useTimes";

interface Props {
  event: EventView;
  occurrence: OccurrenceView;
  invite: string | undefined;
}

const MINUTE_MS = 60_000;

/** One time of an event: its places, and what the reader can do about it. */
export function OccurrenceRow({ event, occurrence, invite }: Props) {
  const { t } = useTranslation();
  const times = useTimes();
  const theirs = times.theirs(occurrence.startsAt, event.timeZone);
  return (
    <li className={classes.card}>
      <time className={classes.when} dateTime={occurrence.startsAt}>
        {times.own(occurrence.startsAt)}
      </time>
      {theirs && <p className={classes.soft}>{t("schedule.organiserTime", { time: theirs })}</p>}
      {occurrence.name !== event.name && <strong dir="auto">{occurrence.name}</strong>}
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

function Actions({ event, occurrence, invite }: Props) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const { user } = useSession();
  const { register, giveUp, enter, call, cancel, isPending } = useScheduleActions();
  const { run } = useOrNotify();
  const [shows, setShows] = useState<"people" | "move" | null>(null);
  const doorsAt = Date.parse(occurrence.startsAt) - event.doorsMinutes * MINUTE_MS;
  const isOpen = useHasPassed(doorsAt);
  const language = i18n.language === "vi" ? "vi" : "en";
  const goIn = () =>
    run(async () => {
      const room = await enter(event.id, occurrence.id, invite);
      const search = room.invite ? `?invite=${encodeURIComponent(room.invite)}` : "";
      await navigate(`/rooms/${room.roomId}${search}`);
    });
  return (
    <>
      <div className={classes.row}>
        {user && isOpen && (
          <Button loading={isPending} onClick={() => void goIn()}>
            {t("schedule.enter")}
          </Button>
        )}
        {!event.isMine && !occurrence.myPlace && user && (
          <Button
            variant={isOpen ? "light" : "filled"}
            loading={isPending}
            onClick={() => void run(() => register(event.id, occurrence.id, language, invite))}
          >
            {t(occurrence.going < occurrence.places ? "schedule.register" : "schedule.wait")}
          </Button>
        )}
        {occurrence.myPlace && (
          <Button
            variant="default"
            loading={isPending}
            onClick={() => void run(() => giveUp(event.id, occurrence.id))}
          >
            {t("schedule.giveUp")}
          </Button>
        )}
        {event.isMine && (
          <>
            {isOpen && !occurrence.hasBegun && (
              <Button
                variant="light"
                loading={isPending}
                onClick={() => void run(() => call(event.id, occurrence.id))}
              >
                {t("schedule.call")}
              </Button>
            )}
            <Button
              variant="default"
              aria-expanded={shows === "people"}
              onClick={() => setShows(shows === "people" ? null : "people")}
            >
              {t("schedule.people")}
            </Button>
            <Button
              variant="default"
              aria-expanded={shows === "move"}
              onClick={() => setShows(shows === "move" ? null : "move")}
            >
              {t("schedule.move")}
            </Button>
            <Button
              variant="subtle"
              loading={isPending}
              onClick={() => void run(() => cancel(event.id, occurrence.id))}
            >
              {t("schedule.cancelOne")}
            </Button>
          </>
        )}
      </div>
      {shows === "people" && <People eventId={event.id} occurrenceId={occurrence.id} />}
      {shows === "move" && <Move event={event} occurrence={occurrence} onDone={() => setShows(null)} />}
    </>
  );
}

function People({ eventId, occurrenceId }: { eventId: string; occurrenceId: string }) {
  const { t } = useTranslation();
  const { data } = useEventPeople(eventId, occurrenceId);
  if (!data || data.items.length === 0) return <p className={classes.soft}>{t("schedule.nobody")}</p>;
  return (
    <ul>
      {data.items.map((person) => (
        <li key={person.id} dir="auto">
          {person.name} · {t(`schedule.mine.${person.place}`)}
        </li>
      ))}
    </ul>
  );
}

/** Another time, in the event's zone, for this one or more. */
function Move({ event, occurrence, onDone }: Omit<Props, "invite"> & { onDone(): void }) {
  const { t } = useTranslation();
  const { move, isPending } = useScheduleActions();
  const { run } = useOrNotify();
  const [start, setStart] = useState(occurrence.localStart.slice(0, 16));
  const scopes = event.repeat ? (["this", "following", "all"] as const) : (["this"] as const);
  const save = (scope: "this" | "following" | "all") =>
    run(async () => {
      await move(event.id, occurrence.id, start.slice(0, 16), scope);
      onDone();
    });
  return (
    <div className={classes.row}>
      <TextInput
        type="datetime-local"
        label={t("schedule.start")}
        description={t("schedule.zone", { zone: event.timeZone.replaceAll("_", " ") })}
        value={start}
        onChange={(change) => setStart(change.currentTarget.value)}
      />
      {scopes.map((scope) => (
        <Button key={scope} variant="light" loading={isPending} onClick={() => void save(scope)}>
          {t(`schedule.scope.${scope}`)}
        </Button>
      ))}
    </div>
  );
}
