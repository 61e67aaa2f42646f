import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useSession } from "../../hooks";
import { loadLayoutPart } from "../layout/layout-parts";

/** Asks for confirmation, because a guest's profile cannot be restored. */
export function useSignOut(): () => void {
  const { t } = useTranslation();
  const { signOut } = useSession();
  const navigate = useNavigate();
  return async () => {
    // The landing page has this, and is shown without the code of dialogs.
    await loadLayoutPart("dialogs");
    const { modals } = await import("@mantine/modals");
    modals.openConfirmModal({
      title: t("profile.signOutTitle"),
      children: <Text>{t("profile.signOutText")}</Text>,
      labels: { confirm: t("profile.signOut"), cancel: t("profile.stay") },
      confirmProps: { color: "red" },
      closeButtonProps: { "aria-label": t("app.close") },
      onConfirm: () => {
        signOut();
        void navigate("/");
      },
    });
  };
}
