import { Button, TextInput } from "@mantine/core";
import { IconMail } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "../../i18n/error-text";
import { FormError } from "../common/form-errors";
import classes from "./Account.module.css";

interface Props {
  label: string;
  hint: string;
  /** Rejects with ApiError. */
  onAsk(address: string): Promise<void>;
}

/** Asks for a link by e-mail. Whatever the address, it says the same afterwards. */
export function MailForm({ label, hint, onAsk }: Props) {
  const { t } = useTranslation();
  const [address, setAddress] = useState("");
  const [sentTo, setSentTo] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const ask = async () => {
    setIsBusy(true);
    setError(null);
    setSentTo(null);
    try {
      await onAsk(address.trim());
      setSentTo(address.trim());
    } catch (failure) {
      setError(errorText(t, failure));
    } finally {
      setIsBusy(false);
    }
  };
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    void ask();
  };
  return (
    <>
      <form onSubmit={submit} className={classes.fieldRow} noValidate>
        <TextInput
          className={classes.field}
          type="email"
          label={label}
          description={hint}
          value={address}
          maxLength={254}
          autoComplete="email"
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <Button
          type="submit"
          variant="light"
          loading={isBusy}
          disabled={!address.includes("@")}
          leftSection={<IconMail size={18} aria-hidden="true" />}
        >
          {t("account.mailSend")}
        </Button>
      </form>
      <p role="status">{sentTo && t("account.mailSent", { address: sentTo })}</p>
      {error && <FormError>{error}</FormError>}
    </>
  );
}
