import { notifications } from "@mantine/notifications";
import { i18n } from "../../i18n";

/** Shows a toast. Screen readers announce it at once. */
export function notify(message: string, color: "velvet" | "brass" | "red" = "velvet"): void {
  notifications.show({ message, color, closeButtonProps: { "aria-label": i18n.t("app.close") } });
}
