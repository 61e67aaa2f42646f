import { Anchor, Collapse, Stack, Text, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { loadedLater } from "../../core/lazy-load";
import { useSession } from "../../hooks";
import { FORM, FormError } from "../common/form-errors";
import { LazyPart } from "../common/LazyPart";
import type { ProfileValues } from "../common/profile-form";
import classes from "./GuestForm.module.css";

/** The lists of languages and countries are most of the form's code, and few people open them. */
const profileFields = loadedLater(async () => (await import("../common/ProfileFields")).ProfileFields);

interface Props {
  form: UseFormReturnType<ProfileValues>;
  /** Beside the name: the button that submits, unless it is elsewhere. */
  action?: React.ReactNode;
}

/** A guest's name, which is required, and their languages. Says why a session ended before. */
export function GuestFields({ form, action }: Props) {
  const { t } = useTranslation();
  const { end } = useSession();
  const [more, { toggle }] = useDisclosure(false);
  const [wasOpened, setWasOpened] = useState(false);
  if (more && !wasOpened) setWasOpened(true);
  return (
    <Stack gap="sm">
      {end && (
        <p role="status" className={classes.end}>
          {t(`guest.ended.${end}`)}
        </p>
      )}
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
        {action}
      </div>
      {form.errors[FORM] && <FormError>{form.errors[FORM]}</FormError>}
      <Anchor component="button" type="button" onClick={toggle} aria-expanded={more} className={classes.more}>
        {t("guest.more")}
      </Anchor>
      <Collapse expanded={more}>
        <div className={classes.details}>
          {wasOpened && <LazyPart load={profileFields} props={{ form }} />}
        </div>
      </Collapse>
      <Text size="sm" c="dimmed">
        {t("guest.noAccount")}{" "}
        <Anchor component={Link} to="/sign-in" inherit underline="always">
          {t("guest.signInAgain")}
        </Anchor>
      </Text>
    </Stack>
  );
}
