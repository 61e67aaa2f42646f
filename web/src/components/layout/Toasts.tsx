import "@mantine/notifications/styles.css";
import { Notifications } from "@mantine/notifications";

/** The place of the toasts of all pages. */
export function Toasts() {
  return <Notifications position="top-center" />;
}
