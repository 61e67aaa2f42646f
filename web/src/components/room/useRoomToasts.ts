import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { useRoomEvents } from "../../hooks";
import { errorText } from "../../i18n/error-text";

/** What concerns me, as a note on the screen. What others do is seen on their tiles. */
export function useRoomToasts(): void {
  const { t } = useTranslation();
  useRoomEvents(({ type, participant, problem }) => {
    const name = participant?.name ?? "";
    if (type === "you_are_host") notifications.show({ message: t("announce.youAreHost"), color: "brass" });
    else if (type === "host")
      notifications.show({ message: t("announce.newHost", { name }), color: "brass" });
    else if (type === "locked") notifications.show({ message: t("announce.locked"), color: "velvet" });
    else if (type === "unlocked") notifications.show({ message: t("announce.unlocked"), color: "velvet" });
    else if (type === "refused") notifications.show({ message: errorText(t, problem), color: "red" });
  });
}
