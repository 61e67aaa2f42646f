import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useAccount, useSession } from "../../hooks";
import { loadLayoutPart } from "../layout/layout-parts";

/** Asks for confirmation, because a guest's profile cannot be restored. Who is not known to have an account is a guest. */
export function useSignOut(): () => void {
  const { t } = useTranslation();
  const { signOut } = useSession();
  const navigate = useNavigate();
  const { data: account } = useAccount();
  const isGuest = account?.isGuest ?? true;
  return async () => {
    // The landing page has this, and is shown without the code of dialogs.
    if (!isGuest) {
      signOut();
      void navigate("/");
      return;
    }
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
