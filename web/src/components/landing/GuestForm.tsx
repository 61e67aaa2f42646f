import { Anchor, Button, Collapse, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../hooks";
import { FORM, FormError, focusFirstError, formErrors } from "../common/form-errors";
import { ProfileFields, useProfileForm } from "../common/ProfileFields";
import classes from "./GuestForm.module.css";

interface Props {
  submitLabel?: string;
  onSignedIn?(): void;
}

/** Signs in a guest. Only the name is required. */
export function GuestForm({ submitLabel, onSignedIn }: Props) {
  const { t } = useTranslation();
  const { signIn } = useSession();
  const [more, { toggle }] = useDisclosure(false);
  const form = useProfileForm({ name: "", nativeLanguage: null, learningLevel: null, country: null });
  const submit = form.onSubmit(async (values) => {
    try {
      await signIn({ ...values, name: values.name.trim() });
      onSignedIn?.();
    } catch (error) {
      form.setErrors(formErrors(t, error, Object.keys(values)));
    }
  }, focusFirstError);
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <div className={classes.row}>
          <TextInput
            label={t("guest.name")}
            placeholder={t("guest.namePlaceholder")}
            size="md"
            autoComplete="nickname"
            maxLength={80}
            className={classes.name}
            {...form.getInputProps("name")}
          />
          <Button
            type="submit"
            size="md"
            loading={form.submitting}
            rightSection={<IconArrowRight size={20} aria-hidden="true" />}
          >
            {submitLabel ?? t("guest.start")}
          </Button>
        </div>
        {form.errors[FORM] && <FormError>{form.errors[FORM]}</FormError>}
        <Anchor
          component="button"
          type="button"
          onClick={toggle}
          aria-expanded={more}
          className={classes.more}
        >
          {t("guest.more")}
        </Anchor>
        <Collapse expanded={more}>
          <div className={classes.details}>
            <ProfileFields form={form} />
          </div>
        </Collapse>
        <Text size="sm" c="dimmed">
          {t("guest.noAccount")}
        </Text>
      </Stack>
    </form>
  );
}
