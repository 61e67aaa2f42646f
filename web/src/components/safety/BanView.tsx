import { Anchor, Button, Textarea, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSafetyActions, useSession } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { BanNotice } from "../../protocol";
import { FormError } from "../common/form-errors";
import { useAutoFocus } from "../common/useAutoFocus";
import { BannedData } from "./BannedData";
import classes from "./Safety.module.css";
import { useMoment } from "./useMoment";

const MAX_WORDS = 1_000;

/** In place of every page: until when the server keeps this person out, why, and how to object. */
export function BanView({ ban }: { ban: BanNotice }) {
  const { t } = useTranslation();
  const { refresh } = useSession();
  const heading = useAutoFocus<HTMLHeadingElement>(true);
  return (
    <div className={`${classes.card} ${classes.stack}`}>
      <Title order={1} ref={heading} tabIndex={-1}>
        {t("safety.bannedTitle")}
      </Title>
      <p>{useBanText(ban)}</p>
      {ban.reason && <p>{t("safety.bannedReason", { reason: t(`safety.reasons.${ban.reason}`) })}</p>}
      {ban.message && (
        <p className={classes.quote} dir="auto">
          {ban.message}
        </p>
      )}
      {ban.contact && <p>{t("safety.bannedContact", { contact: ban.contact })}</p>}
      {ban.canObject && <ObjectionForm />}
      {ban.scope === "account" && <BannedData />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={() => void refresh()}>
          {t("safety.bannedAgain")}
        </Button>
        <Anchor component={Link} to="/privacy">
          {t("safety.bannedPrivacy")}
        </Anchor>
      </div>
    </div>
  );
}

function useBanText({ scope, until }: BanNotice): string {
  const { t } = useTranslation();
  const date = useMoment()(until);
  if (scope === "address") return t("safety.bannedAddress", { date });
  if (scope === "device") return until ? t("safety.bannedDevice", { date }) : t("safety.bannedDeviceForGood");
  return until ? t("safety.bannedUntil", { date }) : t("safety.bannedForGood");
}

function ObjectionForm() {
  const { t } = useTranslation();
  const { object } = useSafetyActions();
  const [words, setWords] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [isSent, setIsSent] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const send = async (event: React.FormEvent) => {
    event.preventDefault();
    setIsBusy(true);
    setError(null);
    try {
      await object(words.trim());
      setIsSent(true);
    } catch (failure) {
      setError(errorText(t, failure));
    } finally {
      setIsBusy(false);
    }
  };
  if (isSent) return <p role="status">{t("safety.bannedSent")}</p>;
  return (
    <form className={classes.stack} onSubmit={(event) => void send(event)}>
      <Textarea
        label={t("safety.bannedObject")}
        description={t("safety.bannedObjectHint")}
        value={words}
        maxLength={MAX_WORDS}
        autosize
        minRows={3}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      {error && <FormError>{error}</FormError>}
      <div className={classes.buttons}>
        <Button type="submit" loading={isBusy} disabled={words.trim() === ""}>
          {t("safety.bannedSend")}
        </Button>
      </div>
    </form>
  );
}
