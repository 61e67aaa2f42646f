import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useScheduleActions } from "../../hooks";
import type { EventView, OccurrenceView } from "../../protocol";
import { useMailLanguage } from "../account/useMailLanguage";
import { useOrNotify } from "../account/useOrNotify";
import classes from "./Schedule.module.css";

interface Props {
  event: EventView;
  occurrence: OccurrenceView;
  invite: string | undefined;
  isOpen: boolean;
}

/** A place is taken or given up, at one time or at all from then on. */
export function PlaceActions({ event, occurrence, invite, isOpen }: Props) {
  const { t } = useTranslation();
  const { register, giveUp } = useScheduleActions();
  const { isBusy, run } = useOrNotify();
  const language = useMailLanguage();
  const isLast = event.occurrences.at(-1)?.id === occurrence.id;
  const take = (following: boolean) =>
    void run(() =>
      register(event.id, { occurrenceId: occurrence.id, following, language, ...(invite ? { invite } : {}) }),
    );
  const give = (following: boolean) => void run(() => giveUp(event.id, occurrence.id, following));
  return (
    <div className={classes.row}>
      {occurrence.myPlace ? (
        <Button variant="default" loading={isBusy} onClick={() => give(false)}>
          {t(occurrence.myPlace === "going" ? "schedule.giveUp" : "schedule.leaveWait")}
        </Button>
      ) : (
        <Button variant={isOpen ? "light" : "filled"} loading={isBusy} onClick={() => take(false)}>
          {t(occurrence.going < occurrence.places ? "schedule.register" : "schedule.wait")}
        </Button>
      )}
      {event.repeat && !isLast && (
        <Button
          variant="subtle"
          disabled={isBusy}
          onClick={() => (occurrence.myPlace ? give(true) : take(true))}
        >
          {t(occurrence.myPlace ? "schedule.giveUpLater" : "schedule.registerLater")}
        </Button>
      )}
    </div>
  );
}
