import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { User } from "../../protocol";

export type ProfileValues = Pick<User, "name" | "nativeLanguage" | "learningLevel" | "country"> & {
  /** The language in which practice starts in this browser: the first of the languages on the profile card. */
  practiceLanguage: string | null;
};

/** The language in which practice and new rooms start if none is known. Most people here learn English. */
export const DEFAULT_LANGUAGE = "en";

export const MAX_NAME = 40;

/** The error of a name, or null. */
export function useNameProblem(): (name: string) => string | null {
  const { t } = useTranslation();
  return (name) => {
    const length = name.trim().length;
    if (length === 0) return t("guest.nameRequired");
    return length > MAX_NAME ? t("guest.nameTooLong") : null;
  };
}

/** Form state for signing in. */
export function useProfileForm(initialValues: ProfileValues) {
  const nameProblem = useNameProblem();
  return useForm<ProfileValues>({ initialValues, validate: { name: nameProblem } });
}
