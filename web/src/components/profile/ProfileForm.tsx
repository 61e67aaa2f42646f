import { Button, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useSession } from "../../hooks";
import type { User } from "../../protocol";
import { CountrySelect } from "../common/CountrySelect";
import { FormError } from "../common/FormError";
import { FORM, splitProblem } from "../common/form-problem";
import { LanguageSelect } from "../common/LanguageSelect";
import { LevelSelect } from "../common/LevelSelect";
import { notify } from "../common/notify";
import classes from "./ProfileForm.module.css";

export function ProfileForm({ user }: { user: User }) {
  const { t } = useTranslation();
  const { updateProfile } = useSession();
  const form = useForm({
    initialValues: {
      name: user.name,
      nativeLanguage: user.nativeLanguage,
      learningLevel: user.learningLevel,
      country: user.country,
    },
    validate: {
      name: (name) =>
        name.trim() === ""
          ? t("guest.nameRequired")
          : name.trim().length > 40
            ? t("guest.nameTooLong")
            : null,
    },
  });
  const submit = form.onSubmit(async (values) => {
    try {
      await updateProfile({ ...values, name: values.name.trim() });
      form.resetDirty();
      notify(t("profile.saved"));
    } catch (error) {
      form.setErrors(splitProblem(t, error, Object.keys(values)));
    }
  });
  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      <TextInput
        label={t("guest.name")}
        autoComplete="nickname"
        maxLength={40}
        {...form.getInputProps("name")}
      />
      <LanguageSelect
        label={t("guest.nativeLanguage")}
        placeholder={t("guest.notSet")}
        clearable
        {...form.getInputProps("nativeLanguage")}
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
      <div className={classes.wide}>
        {form.errors[FORM] && <FormError>{form.errors[FORM]}</FormError>}
        <Button type="submit" loading={form.submitting} className={classes.save}>
          {t("profile.save")}
        </Button>
      </div>
    </form>
  );
}
