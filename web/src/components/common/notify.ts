import { notifications } from "@mantine/notifications";
import { loadedLater, withRetries } from "../../core/lazy-load";
import { i18n } from "../../i18n";
import { loadLayoutPart } from "../layout/layout-parts";

const loadToasts = loadedLater(() => loadLayoutPart("toasts"));

/** Shows a toast. Screen readers announce it at once. The first one waits for the code that draws toasts. */
export function notify(message: string, color: "velvet" | "brass" | "red" = "velvet"): void {
  withRetries(loadToasts).catch(() => {});
  notifications.show({ message, color, closeButtonProps: { "aria-label": i18n.t("app.close") } });
}
