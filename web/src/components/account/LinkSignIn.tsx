import { Anchor, Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { SignedIn } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { FormError } from "../common/form-errors";
import classes from "./Account.module.css";

interface Props {
  /** Rejects with ApiError. */
  finish(): Promise<SignedIn>;
  onSignedIn(signedIn: SignedIn): void;
}

/** Finishes a sign-in by a link at a click: programs that look through e-mails open links too. */
export function LinkSignIn({ finish, onSignedIn }: Props) {
  const { t } = useTranslation();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const signIn = async () => {
    setIsBusy(true);
    try {
      onSignedIn(await finish());
    } catch (failure) {
      setError(errorText(t, failure));
      setIsBusy(false);
    }
  };
  return (
    <div className={classes.stack}>
      {error ? (
        <>
          <FormError>{error}</FormError>
          <Anchor component={Link} to="/sign-in" reloadDocument>
            {t("account.otherWays")}
          </Anchor>
        </>
      ) : (
        <Button size="md" loading={isBusy} onClick={() => void signIn()}>
          {t("signIn.goOn")}
        </Button>
      )}
    </div>
  );
}
