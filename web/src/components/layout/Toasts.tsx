import "@mantine/notifications/styles.css";
import { Notifications } from "@mantine/notifications";

/** Where the toasts of all pages are drawn. */
export function Toasts() {
  return <Notifications position="top-center" />;
}
