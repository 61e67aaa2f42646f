import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSetWeekGoal, useWeekGoal } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { SetWeekGoal, WeekGoal } from "../../protocol";
import { notify } from "../common/notify";
import classes from "./WeekGoalCard.module.css";

const LIMITS = { days: 7, minutes: 600 } as const;
const USUAL: SetWeekGoal = { kind: "days", target: 3 };

/** The goal of this week with its progress, and the form that sets it. Nothing until it is known. */
export function WeekGoalCard() {
  const { t } = useTranslation();
  const { data } = useWeekGoal();
  const [isOpen, setOpen] = useState(false);
  if (!data) return null;
  return (
    <section className={classes.card} aria-labelledby="week-goal">
      <h2 id="week-goal">{t("goal.title")}</h2>
      {data.kind && data.target ? (
        <Done week={data} kind={data.kind} target={data.target} />
      ) : (
        <p className={classes.note}>{t("goal.none")}</p>
      )}
      {isOpen ? (
        <GoalForm week={data} onClose={() => setOpen(false)} />
      ) : (
        <Button variant="subtle" onClick={() => setOpen(true)}>
          {t(data.kind ? "goal.change" : "goal.set")}
        </Button>
      )}
    </section>
  );
}

function Done({ week, kind, target }: { week: WeekGoal; kind: SetWeekGoal["kind"]; target: number }) {
  const { t, i18n } = useTranslation();
  const done = kind === "days" ? week.days : Math.floor(week.minutes);
  const text = t(`goal.done.${kind}`, { done: done.toLocaleString(i18n.language), target });
  return (
    <>
      <p>{done >= target ? `${text} ${t("goal.reached")}` : text}</p>
      <progress className={classes.bar} max={target} value={Math.min(done, target)} aria-label={text} />
    </>
  );
}

function GoalForm({ week, onClose }: { week: WeekGoal; onClose(): void }) {
  const { t } = useTranslation();
  const { mutateAsync, isPending } = useSetWeekGoal();
  const [kind, setKind] = useState<SetWeekGoal["kind"]>(week.kind ?? USUAL.kind);
  const [target, setTarget] = useState(String(week.target ?? USUAL.target));
  const store = async (goal: SetWeekGoal | null) => {
    try {
      await mutateAsync(goal);
      onClose();
    } catch (error) {
      notify(errorText(t, error), "red");
    }
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void store({ kind, target: Number(target) });
      }}
    >
      <NativeSelect
        label={t("goal.kind")}
        data={[
          { value: "days", label: t("goal.kinds.days") },
          { value: "minutes", label: t("goal.kinds.minutes") },
        ]}
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value === "days" ? "days" : "minutes")}
      />
      <TextInput
        type="number"
        label={t("goal.target")}
        required
        min={1}
        max={LIMITS[kind]}
        value={target}
        onChange={(event) => setTarget(event.currentTarget.value)}
      />
      <Button type="submit" loading={isPending}>
        {t("memory.save")}
      </Button>
      {week.kind && (
        <Button variant="subtle" color="red" onClick={() => void store(null)}>
          {t("goal.remove")}
        </Button>
      )}
      <Button variant="subtle" onClick={onClose}>
        {t("room.cancel")}
      </Button>
    </form>
  );
}
