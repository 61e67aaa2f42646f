import { Button, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type SignedIn, usePasskeyProblem, useSignIn, useSignInMethods } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { FormError } from "../common/form-errors";
import classes from "./Account.module.css";
import { MailForm } from "./MailForm";
import { PasskeyTrouble } from "./PasskeyButton";
import { ProviderButton } from "./ProviderButton";
import { useMailLanguage } from "./useMailLanguage";

interface Props {
  /** From the link of a QR code; empty without one. */
  code: string;
  onSignedIn(signedIn: SignedIn): void;
}

/** All ways to sign in to a profile that exists. */
export function SignInForm({ code, onSignedIn }: Props) {
  const { t } = useTranslation();
  const { byPasskey, byCode, askMail } = useSignIn();
  const methods = useSignInMethods();
  const language = useMailLanguage();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const attempt = async (work: () => Promise<SignedIn | null>) => {
    setIsBusy(true);
    setError(null);
    try {
      const signedIn = await work();
      if (signedIn) onSignedIn(signedIn);
      else setError(t("signIn.noPasskey"));
    } catch (failure) {
      setError(errorText(t, failure));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <div className={classes.stack}>
      {!code && <ByPasskey isBusy={isBusy} onClick={() => void attempt(byPasskey)} />}
      <ByCode code={code} isBusy={isBusy} onCode={(typed) => void attempt(() => byCode(typed))} />
      {!code && methods?.email && (
        <MailForm
          label={t("account.mail")}
          hint={t("signIn.mailHint")}
          onAsk={(address) => askMail(address, language)}
        />
      )}
      {!code && <ProviderButton adds={false} />}
      {error && <FormError>{error}</FormError>}
    </div>
  );
}

function ByPasskey({ isBusy, onClick }: { isBusy: boolean; onClick(): void }) {
  const { t } = useTranslation();
  const checked = usePasskeyProblem();
  if (!checked) return null;
  if (checked.problem) return <PasskeyTrouble />;
  return (
    <Button
      size="md"
      loading={isBusy}
      leftSection={<IconFingerprint size={22} aria-hidden="true" />}
      onClick={onClick}
    >
      {t("signIn.byPasskey")}
    </Button>
  );
}

function ByCode({
  code: given,
  isBusy,
  onCode,
}: {
  code: string;
  isBusy: boolean;
  onCode(code: string): void;
}) {
  const { t } = useTranslation();
  const [code, setCode] = useState(given);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    onCode(code);
  };
  return (
    <form onSubmit={submit} className={classes.fieldRow}>
      <TextInput
        className={classes.field}
        label={t("signIn.code")}
        description={t("signIn.codeHint")}
        value={code}
        maxLength={64}
        autoComplete="one-time-code"
        autoCapitalize="characters"
        spellCheck={false}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <Button
        type="submit"
        variant={given ? "filled" : "light"}
        loading={isBusy}
        disabled={code.trim().length < 8}
      >
        {t("signIn.submit")}
      </Button>
    </form>
  );
}
