import { Button, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { CallHook } from "../../hooks";
import type { EditRoom, Room } from "../../protocol";
import { FORM, FormError, focusFirstError, formErrors } from "../common/form-errors";
import { LanguageSelect } from "../common/LanguageSelect";
import { LevelSelect } from "../common/LevelSelect";
import { notify } from "../common/notify";
import { CapacitySlider } from "../create/CapacitySlider";
import { LIMITS } from "../create/useCreateRoomForm";

interface Props {
  call: CallHook;
  room: Room;
  onDone(): void;
}

const PARTS = ["name", "topic", "level", "language", "maxParticipants"] as const;
const OPTIONS = ["linksAllowed", "tutorAllowed", "chatOpen"] as const;

/** The subject and options of the room, for the host and co-hosts. Only changed fields are sent. */
export function EditRoomForm({ call, room, onDone }: Props) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: {
      name: room.name,
      topic: room.topic,
      level: room.level,
      language: room.language,
      maxParticipants: room.maxParticipants,
      linksAllowed: room.linksAllowed,
      tutorAllowed: room.tutorAllowed,
      chatOpen: room.chatOpen,
    },
    validate: {
      name: (name) => (name.trim() === "" ? t("create.errors.nameRequired") : null),
      maxParticipants: (chairs) =>
        chairs < room.participantCount ? t("edit.tooFew", { count: room.participantCount }) : null,
    },
  });
  const submit = form.onSubmit(async (values) => {
    const whole = { ...values, name: values.name.trim(), topic: values.topic.trim() };
    const changed = [...PARTS, ...OPTIONS].filter((part) => whole[part] !== room[part]);
    try {
      const change = Object.fromEntries(changed.map((part) => [part, whole[part]])) as Partial<EditRoom>;
      if (changed.length > 0) await call.request("edit_room", change as EditRoom);
      notify(t("edit.saved"), "velvet");
      onDone();
    } catch (error) {
      form.setErrors(formErrors(t, error, [...PARTS, ...OPTIONS]));
    }
  }, focusFirstError);
  const { values, errors } = form;
  const option = (name: (typeof OPTIONS)[number]) => ({
    checked: values[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      form.setFieldValue(name, event.currentTarget.checked),
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <TextInput
          label={t("create.name")}
          required
          maxLength={LIMITS.name}
          {...form.getInputProps("name")}
        />
        <Textarea
          label={t("create.topic")}
          autosize
          minRows={2}
          maxLength={LIMITS.topic}
          {...form.getInputProps("topic")}
        />
        <LevelSelect
          label={t("create.level")}
          value={values.level}
          onChange={(level) => level && form.setFieldValue("level", level)}
        />
        <LanguageSelect
          label={t("create.language")}
          value={values.language}
          onChange={(language) => language && form.setFieldValue("language", language)}
          error={errors.language}
        />
        <CapacitySlider
          value={values.maxParticipants}
          onChange={(chairs) => form.setFieldValue("maxParticipants", chairs)}
          error={errors.maxParticipants}
        />
        {call.isHost && <Switch label={t("edit.chatOpen")} {...option("chatOpen")} />}
        <Switch
          label={t("edit.linksAllowed")}
          description={t("edit.linksAllowedHint")}
          {...option("linksAllowed")}
        />
        <Switch
          label={t("edit.tutorAllowed")}
          description={t("edit.tutorAllowedHint")}
          {...option("tutorAllowed")}
        />
        {errors[FORM] && <FormError>{errors[FORM]}</FormError>}
        <Button type="submit" size="md" loading={form.submitting} disabled={call.phase !== "joined"}>
          {t("edit.save")}
        </Button>
      </Stack>
    </form>
  );
}
