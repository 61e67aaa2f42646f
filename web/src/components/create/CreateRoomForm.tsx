import { Button, Switch, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ActionBar } from "../common/ActionBar";
import { FORM, FormError } from "../common/form-errors";
import { LanguageSelect } from "../common/LanguageSelect";
import { LevelPicker } from "../common/LevelPicker";
import { UnsupportedLanguageNote } from "../tutor/tutor-texts";
import { CapacitySlider } from "./CapacitySlider";
import classes from "./CreateRoomForm.module.css";
import { RoomPreviewCard } from "./RoomPreviewCard";
import { RoomTypePicker } from "./RoomTypePicker";
import { LIMITS, useCreateRoomForm } from "./useCreateRoomForm";

export function CreateRoomForm() {
  const { t } = useTranslation();
  const { form, submit, isPending } = useCreateRoomForm();
  const { values, errors } = form;
  return (
    <div className={classes.columns}>
      <form onSubmit={submit} noValidate className={classes.form}>
        <TextInput
          label={t("create.name")}
          placeholder={t("create.namePlaceholder")}
          size="md"
          required
          maxLength={LIMITS.name}
          {...form.getInputProps("name")}
        />
        <Textarea
          label={t("create.topic")}
          description={t("create.topicHint")}
          placeholder={t("create.topicPlaceholder")}
          autosize
          minRows={2}
          maxLength={LIMITS.topic}
          {...form.getInputProps("topic")}
        />
        <LevelPicker
          label={t("create.level")}
          value={values.level}
          onChange={(level) => form.setFieldValue("level", level)}
          error={errors.level}
        />
        <RoomTypePicker value={values.type} onChange={(type) => form.setFieldValue("type", type)} />
        {values.type === "ai" ? (
          <Text c="dimmed">{t("create.aiChairs")}</Text>
        ) : (
          <>
            <Switch
              label={t("create.knock")}
              description={t("create.knockHint")}
              checked={values.knockToEnter}
              onChange={(event) => form.setFieldValue("knockToEnter", event.currentTarget.checked)}
            />
            <CapacitySlider
              value={values.maxParticipants}
              onChange={(chairs) => form.setFieldValue("maxParticipants", chairs)}
              error={errors.maxParticipants}
            />
          </>
        )}
        <LanguageSelect
          label={t("create.language")}
          value={values.language}
          onChange={(language) => language && form.setFieldValue("language", language)}
          error={errors.language}
        />
        {values.type === "ai" && <UnsupportedLanguageNote language={values.language} />}
        <TagsInput
          label={t("create.tags")}
          description={t("create.tagsHint")}
          placeholder={values.tags.length === 0 ? t("create.tagsPlaceholder") : undefined}
          maxTags={LIMITS.tags}
          splitChars={[","]}
          {...form.getInputProps("tags")}
          onChange={(tags) =>
            form.setFieldValue("tags", tags.map((tag) => tag.trim().toLowerCase()).filter(Boolean))
          }
        />
        {errors[FORM] && <FormError>{errors[FORM]}</FormError>}
        <ActionBar within="form">
          <Button type="submit" size="lg" loading={isPending || form.submitting} className={classes.submit}>
            {t("create.submit")}
          </Button>
        </ActionBar>
      </form>
      <RoomPreviewCard values={values} />
    </div>
  );
}
