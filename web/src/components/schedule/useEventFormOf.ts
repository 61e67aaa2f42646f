import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { type EventValues, LIMITS } from "./event-values";

/** The form of an event, with the rules that the browser does not check by itself. */
export function useEventFormOf(initialValues: EventValues) {
  const { t } = useTranslation();
  return useForm<EventValues>({
    initialValues,
    validate: {
      name: (name) => (name.trim() === "" ? t("create.errors.nameRequired") : null),
      localStart: (start) => (start === "" ? t("fieldErrors.required") : null),
      durationMinutes: (minutes) => {
        if (minutes === "") return t("fieldErrors.required");
        const isWithin = minutes >= LIMITS.minMinutes && minutes <= LIMITS.maxMinutes;
        return isWithin ? null : t("fieldErrors.out_of_range");
      },
    },
  });
}
