import { notifications } from "@mantine/notifications";
import { withRetries } from "../../hooks";
import { i18n } from "../../i18n";
import { loadLayoutPart } from "../layout/layout-parts";

/** Shows a toast. Screen readers announce it at once. The first one waits for the code that draws toasts. */
export function notify(message: string, color: "velvet" | "brass" | "red" = "velvet"): void {
  withRetries(() => loadLayoutPart("toasts")).catch(() => {});
  notifications.show({ message, color, closeButtonProps: { "aria-label": i18n.t("app.close") } });
}
