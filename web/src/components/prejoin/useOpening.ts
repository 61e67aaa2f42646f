import { useTranslation } from "react-i18next";
import type { RoomEvent } from "../../protocol";

/** The time of day at which a room opens for everybody by itself; null if its host lets people in, or it is open. */
export function useOpening(event: RoomEvent | null | undefined): string | null {
  const { i18n } = useTranslation();
  if (!event || event.isOpen || event.waitingRoom) return null;
  return new Date(event.startsAt).toLocaleTimeString(i18n.language, { hour: "2-digit", minute: "2-digit" });
}
