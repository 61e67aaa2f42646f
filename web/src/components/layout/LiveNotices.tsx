import { notifications } from "@mantine/notifications";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { loadedLater, withRetries } from "../../core/lazy-load";
import { useLiveNotices } from "../../hooks";
import { speakOf } from "../../i18n";
import type { Notice } from "../../protocol";
import { useMailLanguage } from "../account/useMailLanguage";
import { NoticeLine } from "../notices/NoticeLine";
import { loadLayoutPart } from "./layout-parts";

/** What draws toasts, and the texts of notices. */
const loadToasts = loadedLater(() =>
  Promise.all([loadLayoutPart("toasts"), speakOf("pages"), speakOf("people")]),
);
const SHOWN_MS = 10_000;

/** Shows new notices as toasts, and opens the pages of notifications that were clicked. */
export function LiveNotices() {
  const { t } = useTranslation();
  const show = useCallback(
    async ({ id, body }: Notice) => {
      await withRetries(loadToasts);
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
  useOpenedNotifications();
  return null;
}

/** The service worker (`public/push-worker.js`) asks an open page to go to the page of a clicked notification. */
function useOpenedNotifications(): void {
  const navigate = useNavigate();
  useEffect(() => {
    const worker = navigator.serviceWorker;
    if (!worker) return;
    const open = ({ data, ports }: MessageEvent) => {
      if (data?.type !== "open" || typeof data.path !== "string" || !/^\/(?!\/)/.test(data.path)) return;
      ports[0]?.postMessage("opened");
      void navigate(data.path);
    };
    worker.addEventListener("message", open);
    return () => worker.removeEventListener("message", open);
  }, [navigate]);
}
