import { Button, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useSession, useSettings } from "../../hooks";
import type { User } from "../../protocol";
import { CountrySelect } from "../common/CountrySelect";
import { FORM, FormError, formErrors } from "../common/form-errors";
import { LanguageSelect } from "../common/LanguageSelect";
import { LanguagesSelect } from "../common/LanguagesSelect";
import { LevelSelect } from "../common/LevelSelect";
import { notify } from "../common/notify";
import { MAX_NAME, useNameProblem } from "../common/profile-form";
import classes from "./ProfileForm.module.css";

const MAX_ABOUT = 300;

type Values = Pick<
  User,
  "name" | "about" | "nativeLanguage" | "alsoSpeaks" | "practises" | "learningLevel" | "country"
>;

/** The fields that others see on the profile card. Practice starts in the first of the languages to practise. */
export function ProfileForm({ user }: { user: User }) {
  const { t } = useTranslation();
  const { updateProfile } = useSession();
  const { practiceLanguage: remembered, setPracticeLanguage } = useSettings();
  const nameProblem = useNameProblem();
  const form = useForm<Values>({
    initialValues: {
      name: user.name,
      about: user.about,
      nativeLanguage: user.nativeLanguage,
      alsoSpeaks: user.alsoSpeaks,
      practises: user.practises.length > 0 || !remembered ? user.practises : [remembered],
      learningLevel: user.learningLevel,
      country: user.country,
    },
    validate: { name: nameProblem },
  });
  const submit = form.onSubmit(async (values) => {
    try {
      await updateProfile({ ...values, name: values.name.trim() });
      setPracticeLanguage(values.practises[0] ?? null);
      form.resetDirty();
      notify(t("profile.saved"));
    } catch (error) {
      form.setErrors(formErrors(t, error, Object.keys(values)));
    }
  });
  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      <TextInput
        label={t("guest.name")}
        autoComplete="nickname"
        maxLength={MAX_NAME}
        {...form.getInputProps("name")}
      />
      <CountrySelect
        label={t("guest.country")}
        placeholder={t("guest.notSet")}
        {...form.getInputProps("country")}
      />
      <LanguageSelect
        label={t("guest.nativeLanguage")}
        placeholder={t("guest.notSet")}
        clearable
        {...form.getInputProps("nativeLanguage")}
      />
      <LanguagesSelect
        label={t("profileCard.alsoSpeaks")}
        placeholder={t("guest.notSet")}
        {...form.getInputProps("alsoSpeaks")}
      />
      <LanguagesSelect
        label={t("profileCard.practises")}
        placeholder={t("guest.notSet")}
        {...form.getInputProps("practises")}
      />
      <LevelSelect
        label={t("guest.learningLevel")}
        placeholder={t("guest.notSet")}
        {...form.getInputProps("learningLevel")}
      />
      <div className={classes.wide}>
        <Textarea
          label={t("profileCard.about")}
          description={t("profileCard.aboutHint")}
          maxLength={MAX_ABOUT}
          autosize
          minRows={2}
          {...form.getInputProps("about")}
        />
        {form.errors[FORM] && <FormError>{form.errors[FORM]}</FormError>}
        <Button type="submit" loading={form.submitting} className={classes.save}>
          {t("profile.save")}
        </Button>
      </div>
    </form>
  );
}
