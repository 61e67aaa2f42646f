import { Button, Switch } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useScheduleActions } from "../../hooks";
import { FORM, FormError, focusFirstError, formErrors } from "../common/form-errors";
import { DEFAULT_LANGUAGE } from "../common/profile-form";
import { SharedFields, TimeFields } from "./EventFields";
import { EVENT_FIELDS, type EventValues, wanted } from "./event-values";
import { RepeatFields } from "./RepeatFields";
import { ONCE, ruleOf } from "./repeat";
import classes from "./Schedule.module.css";
import { useEventFormOf } from "./useEventFormOf";
import { ownZone } from "./useTimes";

const NEW: EventValues = {
  name: "",
  topic: "",
  localStart: "",
  durationMinutes: 60,
  level: "B1",
  language: DEFAULT_LANGUAGE,
  tags: [],
  maxParticipants: 8,
  waitingRoom: false,
  opensWithoutHost: true,
};

/** Plans an event in the host's own zone. */
export function EventForm() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { create } = useScheduleActions();
  const form = useEventFormOf(NEW);
  const [repeat, setRepeat] = useState(ONCE);
  const [isPrivate, setPrivate] = useState(false);
  const submit = form.onSubmit(async (values) => {
    try {
      const event = await create({
        ...wanted(values),
        type: isPrivate ? "private" : "public",
        timeZone: ownZone(),
        repeat: ruleOf(repeat),
      });
      await navigate(`/schedule/${event.id}`, { replace: true });
    } catch (error) {
      form.setErrors(formErrors(t, error, EVENT_FIELDS));
    }
  }, focusFirstError);
  return (
    <form className={classes.form} onSubmit={submit}>
      <TimeFields form={form} zone={ownZone()} />
      <RepeatFields value={repeat} start={form.values.localStart} onChange={setRepeat} />
      <SharedFields form={form} />
      <Switch
        label={t("schedule.private")}
        checked={isPrivate}
        onChange={(event) => setPrivate(event.currentTarget.checked)}
      />
      {form.errors[FORM] && <FormError>{form.errors[FORM]}</FormError>}
      <Button type="submit" size="lg" loading={form.submitting}>
        {t("schedule.plan")}
      </Button>
    </form>
  );
}
