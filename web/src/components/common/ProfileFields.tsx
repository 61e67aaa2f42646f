import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { CountrySelect } from "./CountrySelect";
import { LanguageSelect } from "./LanguageSelect";
import { LevelSelect } from "./LevelSelect";
import type { ProfileValues } from "./profile-form";

/** Optional fields of a profile. */
export function ProfileFields({ form }: { form: UseFormReturnType<ProfileValues> }) {
  const { t } = useTranslation();
  return (
    <>
      <LanguageSelect
        label={t("guest.nativeLanguage")}
        placeholder={t("guest.notSet")}
        clearable
        {...form.getInputProps("nativeLanguage")}
      />
      <LanguageSelect
        label={t("guest.practiceLanguage")}
        placeholder={t("guest.notSet")}
        clearable
        {...form.getInputProps("practiceLanguage")}
      />
      <LevelSelect
        label={t("guest.learningLevel")}
        placeholder={t("guest.notSet")}
        {...form.getInputProps("learningLevel")}
      />
      <CountrySelect
        label={t("guest.country")}
        placeholder={t("guest.notSet")}
        {...form.getInputProps("country")}
      />
    </>
  );
}
