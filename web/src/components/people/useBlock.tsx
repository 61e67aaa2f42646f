import { Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useTranslation } from "react-i18next";
import { usePeopleActions } from "../../hooks";
import { useOrNotify } from "../account/useOrNotify";
import { notify } from "../common/notify";

/** Asks before a block; an unblock needs no question. */
export function useBlock() {
  const { t } = useTranslation();
  const { block, unblock } = usePeopleActions();
  const { isBusy, run } = useOrNotify();
  return {
    isBusy,
    block: (userId: string, name: string) =>
      modals.openConfirmModal({
        title: t("people.blockTitle", { name }),
        children: <Text>{t("people.blockText")}</Text>,
        labels: { confirm: t("people.block"), cancel: t("room.cancel") },
        confirmProps: { color: "red" },
        closeButtonProps: { "aria-label": t("app.close") },
        onConfirm: async () => {
          if (await run(() => block(userId))) notify(t("people.blockDone", { name }), "velvet");
        },
      }),
    unblock: async (userId: string) => {
      if (await run(() => unblock(userId))) notify(t("people.unblockDone"), "velvet");
    },
  };
}
