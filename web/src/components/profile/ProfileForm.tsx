import { Button, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSession, useSettings } from "../../hooks";
import type { User } from "../../protocol";
import { FORM, FormError, formErrors } from "../common/form-errors";
import { notify } from "../common/notify";
import { ProfileFields } from "../common/ProfileFields";
import { MAX_NAME, useProfileForm } from "../common/profile-form";
import classes from "./ProfileForm.module.css";

export function ProfileForm({ user }: { user: User }) {
  const { t } = useTranslation();
  const { updateProfile } = useSession();
  const { practiceLanguage: remembered, setPracticeLanguage } = useSettings();
  const form = useProfileForm({
    name: user.name,
    nativeLanguage: user.nativeLanguage,
    practiceLanguage: remembered,
    learningLevel: user.learningLevel,
    country: user.country,
  });
  const submit = form.onSubmit(async ({ practiceLanguage, ...values }) => {
    try {
      await updateProfile({ ...values, name: values.name.trim() });
      setPracticeLanguage(practiceLanguage);
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
      <ProfileFields form={form} />
      <div className={classes.wide}>
        {form.errors[FORM] && <FormError>{form.errors[FORM]}</FormError>}
        <Button type="submit" loading={form.submitting} className={classes.save}>
          {t("profile.save")}
        </Button>
      </div>
    </form>
  );
}
