import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useScheduleActions } from "../../hooks";
import type { EventView, OccurrenceView } from "../../protocol";
import { RadioChips } from "../coach/RadioChips";
import { FORM, FormError, focusFirstError, formErrors } from "../common/form-errors";
import { notify } from "../common/notify";
import { SharedFields, TimeFields } from "./EventFields";
import { changeOf, EVENT_FIELDS, SCOPES, type Scope, valuesOf } from "./event-values";
import classes from "./Schedule.module.css";
import { useEventFormOf } from "./useEventFormOf";

interface Props {
  event: EventView;
  occurrence: OccurrenceView;
  onDone(): void;
}

/** The host changes one time of an event, it and all later ones, or all. Only what was changed is sent. */
export function EditEvent({ event, occurrence, onDone }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { change } = useScheduleActions();
  const [chosen, setChosen] = useState<Scope>("this");
  const scope = event.repeat ? chosen : "all";
  const [before] = useState(() => valuesOf(event, occurrence));
  const form = useEventFormOf(before);
  const submit = form.onSubmit(async (values) => {
    const changes = changeOf(before, values, scope);
    try {
      if (Object.keys(changes).length > 0) {
        const changed = await change(event.id, { scope, occurrenceId: occurrence.id, ...changes });
        notify(t("schedule.changed"));
        // Later times become an event of their own.
        if (changed.id !== event.id) await navigate(`/schedule/${changed.id}`, { replace: true });
      }
      onDone();
    } catch (error) {
      form.setErrors(formErrors(t, error, EVENT_FIELDS));
    }
  }, focusFirstError);
  return (
    <form className={classes.form} onSubmit={submit}>
      {event.repeat && (
        <RadioChips
          legend={t("schedule.scopes")}
          options={SCOPES}
          value={chosen}
          label={(one) => t(`schedule.scope.${one}`)}
          onChange={(next) => setChosen(next)}
        />
      )}
      <TimeFields form={form} zone={event.timeZone} />
      {scope !== "this" && <SharedFields form={form} />}
      {form.errors[FORM] && <FormError>{form.errors[FORM]}</FormError>}
      <div className={classes.row}>
        <Button type="submit" loading={form.submitting}>
          {t("schedule.save")}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t("schedule.back")}
        </Button>
      </div>
    </form>
  );
}
