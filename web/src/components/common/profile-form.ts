import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { User } from "../../protocol";

export type ProfileValues = Pick<User, "name" | "nativeLanguage" | "learningLevel" | "country"> & {
  /** Kept in this browser; the server does not know it. */
  practiceLanguage: string | null;
};

/** What practice and new rooms start with. Most people here learn English. */
export const DEFAULT_LANGUAGE = "en";

export const MAX_NAME = 40;

/** Form state for signing in and for editing the profile. */
export function useProfileForm(initialValues: ProfileValues) {
  const { t } = useTranslation();
  return useForm<ProfileValues>({
    initialValues,
    validate: {
      name: (name) => {
        const length = name.trim().length;
        if (length === 0) return t("guest.nameRequired");
        return length > MAX_NAME ? t("guest.nameTooLong") : null;
      },
    },
  });
}
