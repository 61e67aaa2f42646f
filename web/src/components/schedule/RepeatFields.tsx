import { NumberInput, Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { RadioChips } from "../coach/RadioChips";
import chips from "../tutor/TopicPicker.module.css";
import { latestEnd, REPEATS, type Repeat, WEEKDAYS, type Weekday, weekdayOf } from "./repeat";
import { weekdayName } from "./rule-text";

const ENDS = ["after", "on"] as const;

interface Props {
  value: Repeat;
  /** The local start, `2027-03-09T19:00`; empty before one is chosen. */
  start: string;
  onChange(value: Repeat): void;
}

/** The fields of a series: how often the event takes place, on which weekdays, and when the series ends. */
export function RepeatFields({ value, start, onChange }: Props) {
  const { t } = useTranslation();
  const { every, ends, count, until } = value;
  return (
    <>
      <Select
        label={t("schedule.repeat")}
        allowDeselect={false}
        data={REPEATS.map((one) => ({ value: one, label: t(`schedule.repeats.${one}`) }))}
        value={every}
        onChange={(next) => onChange({ ...value, every: REPEATS.find((one) => one === next) ?? "once" })}
      />
      {every === "weekly" && <WeekdayChips value={value} start={start} onChange={onChange} />}
      {every !== "once" && (
        <>
          <RadioChips
            legend={t("schedule.ends")}
            options={ENDS}
            value={ends}
            label={(one) => t(`schedule.end.${one}`)}
            onChange={(next) => onChange({ ...value, ends: next })}
          />
          {ends === "after" ? (
            <NumberInput
              label={t("schedule.count")}
              min={1}
              max={every === "monthly" ? 12 : 52}
              value={count}
              onChange={(next) => onChange({ ...value, count: Number(next) || 1 })}
            />
          ) : (
            <TextInput
              type="date"
              label={t("schedule.until")}
              description={t("schedule.untilHint")}
              required
              min={start.slice(0, 10) || undefined}
              max={latestEnd(start)}
              value={until}
              onChange={(event) => onChange({ ...value, until: event.currentTarget.value })}
            />
          )}
        </>
      )}
    </>
  );
}

/** The weekdays of a weekly event; before any is chosen the day of the start is. */
function WeekdayChips({ value, start, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const ofStart = weekdayOf(start);
  const chosen = value.days.length > 0 ? value.days : ofStart ? [ofStart] : [];
  const toggle = (day: Weekday) => {
    const days = WEEKDAYS.filter((one) => chosen.includes(one) !== (one === day));
    onChange({ ...value, days });
  };
  return (
    <fieldset className={chips.group}>
      <legend className={chips.legend}>{t("schedule.days")}</legend>
      <div className={chips.chips}>
        {WEEKDAYS.map((day, index) => (
          <label key={day} className={chips.chip}>
            <input
              type="checkbox"
              aria-label={weekdayName(i18n.language, index, "long")}
              checked={chosen.includes(day)}
              onChange={() => toggle(day)}
            />
            <span aria-hidden="true">{weekdayName(i18n.language, index, "short")}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
