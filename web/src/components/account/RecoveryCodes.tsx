import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccountActions } from "../../hooks";
import classes from "./Account.module.css";
import { useOrNotify } from "./useOrNotify";

/** Makes codes for the case that all devices are lost, and shows them once. */
export function RecoveryCodes({ left }: { left: number }) {
  const { t } = useTranslation();
  const { makeRecoveryCodes } = useAccountActions();
  const { isBusy, run } = useOrNotify();
  const [codes, setCodes] = useState<string[]>([]);
  return (
    <div className={classes.stack}>
      <p className={classes.note}>{t("account.codesText", { count: left })}</p>
      {codes.length > 0 && (
        <>
          <p role="status">{t("account.codesOnce")}</p>
          <ol className={classes.codes} aria-label={t("account.codes")}>
            {codes.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ol>
        </>
      )}
      <Button
        variant="light"
        loading={isBusy}
        onClick={() => void run(async () => setCodes(await makeRecoveryCodes()))}
      >
        {t(left > 0 ? "account.codesAgain" : "account.codesMake")}
      </Button>
    </div>
  );
}
