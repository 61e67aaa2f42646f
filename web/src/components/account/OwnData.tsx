import { Button, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconDownload, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useAccountActions } from "../../hooks";
import { notify } from "../common/notify";
import classes from "./Account.module.css";
import { useOrNotify } from "./useOrNotify";

/** Buttons that load a copy of all one's data, and delete it. */
export function OwnData() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { prepareExport, deleteAll } = useAccountActions();
  const { isBusy, run } = useOrNotify();
  const load = () =>
    run(async () => {
      // An answer with Content-Disposition: the page stays.
      window.location.assign(await prepareExport());
    });
  const deleteNow = () =>
    run(async () => {
      await deleteAll();
      notify(t("account.deleted"));
      void navigate("/");
    });
  const ask = () =>
    modals.openConfirmModal({
      title: t("account.deleteTitle"),
      children: <Text>{t("account.deleteText")}</Text>,
      labels: { confirm: t("account.deleteNow"), cancel: t("room.cancel") },
      confirmProps: { color: "red" },
      closeButtonProps: { "aria-label": t("app.close") },
      onConfirm: () => void deleteNow(),
    });
  return (
    <div className={classes.stack}>
      <p>{t("account.dataText")}</p>
      <div className={classes.buttons}>
        <Button
          variant="light"
          disabled={isBusy}
          leftSection={<IconDownload size={18} aria-hidden="true" />}
          onClick={() => void load()}
        >
          {t("account.download")}
        </Button>
        <Button
          variant="outline"
          color="red"
          className={classes.danger}
          disabled={isBusy}
          leftSection={<IconTrash size={18} aria-hidden="true" />}
          onClick={ask}
        >
          {t("account.delete")}
        </Button>
      </div>
    </div>
  );
}
