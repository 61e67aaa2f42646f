import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useScheduleActions } from "../../hooks";
import type { EventView, OccurrenceView } from "../../protocol";
import { useOrNotify } from "../account/useOrNotify";
import { RadioChips } from "../coach/RadioChips";
import { notify } from "../common/notify";
import { SCOPES, type Scope } from "./event-values";
import classes from "./Schedule.module.css";

interface Props {
  event: EventView;
  occurrence: OccurrenceView;
  onDone(): void;
}

/** Asks before a cancellation, which cannot be undone. */
export function CancelEvent({ event, occurrence, onDone }: Props) {
  const { t } = useTranslation();
  const { cancel } = useScheduleActions();
  const { isBusy, run } = useOrNotify();
  const [chosen, setChosen] = useState<Scope>("this");
  const scope = event.repeat ? chosen : "all";
  const confirm = async () => {
    if (!(await run(() => cancel(event.id, scope, occurrence.id)))) return;
    notify(t("schedule.cancelDone"));
    onDone();
  };
  return (
    <div className={classes.panel}>
      {event.repeat && (
        <RadioChips
          legend={t("schedule.cancelScopes")}
          options={SCOPES}
          value={chosen}
          label={(one) => t(`schedule.scope.${one}`)}
          onChange={(next) => setChosen(next)}
        />
      )}
      <p className={classes.soft}>{t("schedule.cancelText")}</p>
      <div className={classes.row}>
        <Button color="red" loading={isBusy} onClick={() => void confirm()}>
          {t("schedule.cancelNow")}
        </Button>
        <Button variant="default" disabled={isBusy} onClick={onDone}>
          {t("schedule.back")}
        </Button>
      </div>
    </div>
  );
}
