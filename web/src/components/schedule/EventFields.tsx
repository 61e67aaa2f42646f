import { NumberInput, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { LanguageSelect } from "../common/LanguageSelect";
import { LevelPicker } from "../common/LevelPicker";
import { CapacitySlider } from "../create/CapacitySlider";
import { LIMITS as ROOM } from "../create/useCreateRoomForm";
import { type EventValues, LIMITS } from "./event-values";
import { zoneName } from "./useTimes";

interface Props {
  form: UseFormReturnType<EventValues>;
}

/** What one time of an event can have of its own. */
export function TimeFields({ form, zone }: Props & { zone: string }) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput label={t("create.name")} required maxLength={ROOM.name} {...form.getInputProps("name")} />
      <Textarea
        label={t("create.topic")}
        autosize
        minRows={2}
        maxLength={ROOM.topic}
        {...form.getInputProps("topic")}
      />
      <TextInput
        type="datetime-local"
        label={t("schedule.start")}
        description={t("schedule.zone", { zone: zoneName(zone) })}
        required
        {...form.getInputProps("localStart")}
      />
      <NumberInput
        label={t("schedule.minutes")}
        required
        min={LIMITS.minMinutes}
        max={LIMITS.maxMinutes}
        allowDecimal={false}
        {...form.getInputProps("durationMinutes")}
      />
    </>
  );
}

/** What all times of an event share. */
export function SharedFields({ form }: Props) {
  const { t } = useTranslation();
  const { values, errors } = form;
  const option = (name: "waitingRoom" | "opensWithoutHost") => ({
    checked: values[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      form.setFieldValue(name, event.currentTarget.checked),
  });
  return (
    <>
      <LevelPicker
        label={t("create.level")}
        value={values.level}
        onChange={(level) => form.setFieldValue("level", level)}
        error={errors.level}
      />
      <LanguageSelect
        label={t("create.language")}
        value={values.language}
        onChange={(language) => language && form.setFieldValue("language", language)}
        error={errors.language}
      />
      <TagsInput
        label={t("create.tags")}
        description={t("create.tagsHint")}
        placeholder={values.tags.length === 0 ? t("create.tagsPlaceholder") : undefined}
        maxTags={ROOM.tags}
        splitChars={[","]}
        {...form.getInputProps("tags")}
        onChange={(tags) =>
          form.setFieldValue("tags", tags.map((tag) => tag.trim().toLowerCase()).filter(Boolean))
        }
      />
      <CapacitySlider
        value={values.maxParticipants}
        onChange={(seats) => form.setFieldValue("maxParticipants", seats)}
        error={errors.maxParticipants}
      />
      <Switch label={t("schedule.waitingRoom")} {...option("waitingRoom")} />
      <Switch label={t("schedule.opens")} {...option("opensWithoutHost")} />
    </>
  );
}
