import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useCreateRoom, useSettings } from "../../hooks";
import type { CreateRoom, Level, RoomType } from "../../protocol";
import { focusFirstError, formErrors } from "../common/form-errors";
import { DEFAULT_LANGUAGE } from "../common/profile-form";

export const LIMITS = { name: 60, topic: 140, tags: 5, tag: 24, minChairs: 2, maxChairs: 12 } as const;

export interface RoomValues {
  name: string;
  topic: string;
  level: Level | null;
  type: RoomType;
  language: string;
  maxParticipants: number;
  tags: string[];
  knockToEnter: boolean;
}

/** Validates by the rules of the server's `CreateRoom`. Field errors of the server are shown at their fields too. */
export function useCreateRoomForm() {
  const { t } = useTranslation();
  const { practiceLanguage, setPracticeLanguage } = useSettings();
  const { create, isPending } = useCreateRoom();
  const navigate = useNavigate();
  const form = useForm<RoomValues>({
    initialValues: {
      name: "",
      topic: "",
      level: null,
      type: "public",
      language: practiceLanguage ?? DEFAULT_LANGUAGE,
      maxParticipants: LIMITS.maxChairs,
      tags: [],
      knockToEnter: false,
    },
    validate: {
      name: (name) => {
        const length = name.trim().length;
        if (length === 0) return t("create.errors.nameRequired");
        return length > LIMITS.name ? t("create.errors.nameTooLong") : null;
      },
      topic: (topic) => (topic.trim().length > LIMITS.topic ? t("create.errors.topicTooLong") : null),
      level: (level) => (level === null ? t("create.errors.levelRequired") : null),
      tags: (tags) => {
        if (tags.length > LIMITS.tags) return t("create.errors.tooManyTags");
        return tags.some((tag) => tag.length > LIMITS.tag) ? t("create.errors.tagTooLong") : null;
      },
    },
  });
  const submit = form.onSubmit(async (values) => {
    try {
      const room = await create(toRequest(values));
      // Somebody who hosts in another language than they learn keeps the one they chose first.
      if (practiceLanguage === null && values.language !== DEFAULT_LANGUAGE)
        setPracticeLanguage(values.language);
      const invite = room.invite ? `?invite=${encodeURIComponent(room.invite)}` : "";
      // Back from the room leads to the page before the form, which is empty then.
      await navigate(`/rooms/${room.id}${invite}`, { replace: true });
    } catch (error) {
      form.setErrors(formErrors(t, error, Object.keys(values)));
    }
  }, focusFirstError);
  return { form, submit, isPending };
}

function toRequest(values: RoomValues): CreateRoom {
  const { maxParticipants, level, ...rest } = values;
  const request: CreateRoom = {
    ...rest,
    name: values.name.trim(),
    topic: values.topic.trim(),
    level: level ?? "A1",
  };
  return values.type === "ai" ? request : { ...request, maxParticipants };
}
