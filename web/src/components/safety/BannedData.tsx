import { Button, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useTranslation } from "react-i18next";
import { useAccountActions } from "../../hooks";
import { useOrNotify } from "../account/useOrNotify";
import classes from "./Safety.module.css";

/** A ban keeps nobody from a copy of their data, and from deleting it. The profile page is out of their reach. */
export function BannedData() {
  const { t } = useTranslation();
  const { prepareExport, deleteAll } = useAccountActions();
  const { isBusy, run } = useOrNotify();
  // An answer with Content-Disposition: the page stays.
  const load = () => run(async () => window.location.assign(await prepareExport()));
  const ask = () =>
    modals.openConfirmModal({
      title: t("safety.bannedDeleteTitle"),
      children: <Text>{t("safety.bannedDeleteText")}</Text>,
      labels: { confirm: t("safety.bannedDeleteNow"), cancel: t("room.cancel") },
      confirmProps: { color: "red" },
      closeButtonProps: { "aria-label": t("app.close") },
      onConfirm: () => void run(deleteAll),
    });
  return (
    <>
      <p className={classes.soft}>{t("safety.bannedData")}</p>
      <div className={classes.buttons}>
        <Button variant="light" disabled={isBusy} onClick={() => void load()}>
          {t("safety.bannedDownload")}
        </Button>
        <Button variant="default" disabled={isBusy} onClick={ask}>
          {t("safety.bannedDelete")}
        </Button>
      </div>
    </>
  );
}
