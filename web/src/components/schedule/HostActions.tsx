import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useEventPeople, useScheduleActions } from "../../hooks";
import type { EventView, OccurrenceView } from "../../protocol";
import { useOrNotify } from "../account/useOrNotify";
import { CancelEvent } from "./CancelEvent";
import { EditEvent } from "./EditEvent";
import classes from "./Schedule.module.css";

interface Props {
  event: EventView;
  occurrence: OccurrenceView;
}

const PANELS = ["people", "edit", "cancel"] as const;

/** What the host can do about one time. */
export function HostActions({ event, occurrence, isOpen }: Props & { isOpen: boolean }) {
  const { t } = useTranslation();
  const { call } = useScheduleActions();
  const { isBusy, run } = useOrNotify();
  const [shown, setShown] = useState<(typeof PANELS)[number] | null>(null);
  const buttons = useRef<HTMLDivElement>(null);
  const close = () => {
    // The panel has the focus, and goes.
    buttons.current?.querySelector<HTMLElement>("[aria-expanded=true]")?.focus();
    setShown(null);
  };
  return (
    <>
      <div ref={buttons} className={classes.row}>
        {isOpen && !occurrence.hasBegun && (
          <Button
            variant="light"
            loading={isBusy}
            onClick={() => void run(() => call(event.id, occurrence.id))}
          >
            {t("schedule.call")}
          </Button>
        )}
        {PANELS.map((panel) => (
          <Button
            key={panel}
            variant={panel === "cancel" ? "subtle" : "default"}
            aria-expanded={shown === panel}
            onClick={() => setShown(shown === panel ? null : panel)}
          >
            {t(`schedule.panels.${panel}`)}
          </Button>
        ))}
      </div>
      {shown === "people" && <People event={event} occurrence={occurrence} />}
      {shown === "edit" && <EditEvent event={event} occurrence={occurrence} onDone={close} />}
      {shown === "cancel" && <CancelEvent event={event} occurrence={occurrence} onDone={close} />}
    </>
  );
}

function People({ event, occurrence }: Props) {
  const { t } = useTranslation();
  const { data } = useEventPeople(event.id, occurrence.id);
  const { removePerson } = useScheduleActions();
  const { isBusy, run } = useOrNotify();
  if (!data || data.items.length === 0) return <p className={classes.soft}>{t("schedule.nobody")}</p>;
  return (
    <ul className={classes.people}>
      {data.items.map(({ id, name, place }) => (
        <li key={id} className={classes.row}>
          <span dir="auto">{name}</span>
          <span className={classes.soft}>{t(`schedule.theirs.${place}`)}</span>
          <Button
            variant="subtle"
            size="compact-sm"
            disabled={isBusy}
            aria-label={t("schedule.removeNamed", { name })}
            onClick={() => void run(() => removePerson(event.id, occurrence.id, id))}
          >
            {t("schedule.remove")}
          </Button>
        </li>
      ))}
    </ul>
  );
}
