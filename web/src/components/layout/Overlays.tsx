import "@mantine/notifications/styles.css";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";

/** Where confirmations and toasts of all pages are drawn. */
export function Overlays() {
  return (
    <>
      <ModalsProvider />
      <Notifications position="top-center" />
    </>
  );
}
