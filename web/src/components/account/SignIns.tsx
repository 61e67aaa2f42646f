import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useAccountActions, useSignInMethods } from "../../hooks";
import type { Account } from "../../protocol";
import classes from "./Account.module.css";
import { MailForm } from "./MailForm";
import { PasskeyButton } from "./PasskeyButton";
import { ProviderButton } from "./ProviderButton";
import { RecoveryCodes } from "./RecoveryCodes";
import { useDates } from "./useDates";
import { useMailLanguage } from "./useMailLanguage";
import { useOrNotify } from "./useOrNotify";

/** Lets a guest keep their profile; shows others the ways in which they sign in. */
export function SignIns({ account }: { account: Account }) {
  const { t } = useTranslation();
  const methods = useSignInMethods();
  const { addMail } = useAccountActions();
  const language = useMailLanguage();
  return (
    <div className={classes.stack}>
      <p>{t(account.isGuest ? "account.guestText" : "account.keptText")}</p>
      <SignInList account={account} />
      <PasskeyButton label={t(account.isGuest ? "account.keepByPasskey" : "account.addPasskey")} />
      {methods?.email && (
        <MailForm
          label={t("account.mail")}
          hint={t("account.mailHint")}
          onAsk={(address) => addMail(address, language)}
        />
      )}
      <ProviderButton adds />
      {!account.isGuest && <RecoveryCodes left={account.recoveryCodes} />}
    </div>
  );
}

function SignInList({ account: { passkeys, identities } }: { account: Account }) {
  const { t } = useTranslation();
  const dates = useDates();
  const { removeSignIn } = useAccountActions();
  const { isBusy, run } = useOrNotify();
  const rows = [
    ...passkeys.map(({ id, name, usedAt }) => ({
      id,
      name: t("account.passkey", { name: name || t("account.unknownDevice") }),
      note: usedAt ? t("account.usedAt", { date: dates(usedAt) }) : t("account.notUsed"),
    })),
    ...identities.map(({ id, label, createdAt }) => ({
      id,
      name: label,
      note: t("account.since", { date: dates(createdAt) }),
    })),
  ];
  if (rows.length === 0) return null;
  return (
    <ul className={classes.rows} aria-label={t("account.signIns")}>
      {rows.map(({ id, name, note }) => (
        <li key={id}>
          <span className={classes.what}>
            <strong>{name}</strong>
            <span className={classes.note}>{note}</span>
          </span>
          <Button
            variant="subtle"
            disabled={isBusy}
            aria-label={t("account.removeNamed", { name })}
            onClick={() => void run(() => removeSignIn(id))}
          >
            {t("account.remove")}
          </Button>
        </li>
      ))}
    </ul>
  );
}
