import { notifications } from "@mantine/notifications";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { loadedLater, withRetries } from "../../core/lazy-load";
import { useLiveNotices, useOpenedNotifications } from "../../hooks";
import { speakOf } from "../../i18n";
import type { Notice } from "../../protocol";
import { useMailLanguage } from "../account/useMailLanguage";
import { loadLayoutPart } from "./layout-parts";

/** The code that draws toasts and notices in them, and their texts. */
const loadToasts = loadedLater(async () => {
  const [{ NoticeLine }] = await Promise.all([
    import("../notices/NoticeLine"),
    loadLayoutPart("toasts"),
    speakOf("pages"),
    speakOf("people"),
  ]);
  return NoticeLine;
});
const SHOWN_MS = 10_000;

/** Shows new notices as toasts, and opens the pages of notifications that were clicked. */
export function LiveNotices() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const show = useCallback(
    async ({ id, body }: Notice) => {
      const NoticeLine = await withRetries(loadToasts);
      notifications.show({
        id: `notice-${id}`,
        // Polite: it waits until a screen reader has finished.
        role: "status",
        message: <NoticeLine body={body} onOpen={() => notifications.hide(`notice-${id}`)} />,
        autoClose: SHOWN_MS,
        closeButtonProps: { "aria-label": t("app.close") },
      });
    },
    [t],
  );
  useLiveNotices(show, useMailLanguage());
  useOpenedNotifications(navigate);
  return null;
}
