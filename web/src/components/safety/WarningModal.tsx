import { Button, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSafetyActions, useStanding } from "../../hooks";
import { useOrNotify } from "../account/useOrNotify";
import classes from "./Safety.module.css";

/** A moderator's warning, until it is acknowledged. */
export function WarningModal() {
  const { t } = useTranslation();
  const standing = useStanding();
  const { acknowledge } = useSafetyActions();
  const { isBusy, run } = useOrNotify();
  const warning = standing?.warnings[0];
  if (!warning) return null;
  return (
    <Modal
      opened
      onClose={() => {}}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title={t("safety.warningTitle")}
    >
      <div className={classes.stack}>
        <p>{t("safety.warningLead", { reason: t(`safety.reasons.${warning.reason}`) })}</p>
        {warning.message && (
          <p className={classes.quote} dir="auto">
            {warning.message}
          </p>
        )}
        <p className={classes.soft}>{t("safety.warningNext")}</p>
        <div className={classes.buttons}>
          <Button data-autofocus loading={isBusy} onClick={() => void run(() => acknowledge(warning.id))}>
            {t("safety.warningRead")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
