import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RoomPreview } from "../../protocol";
import { notify } from "../common/notify";

export interface Door {
  isWaiting: boolean;
  setWaiting(waits: boolean): void;
  /** The person waited, and can join now. */
  hasOpened: boolean;
}

/** Tells somebody who asked for it that the full or locked room can be joined now. */
export function useDoor(room: RoomPreview): Door {
  const { t } = useTranslation();
  const [isWaiting, setWaiting] = useState(false);
  const isOpen = room.admission === "open";
  const hasOpened = isWaiting && isOpen;
  useEffect(() => {
    if (hasOpened) notify(t("prejoin.opened", { room: room.name }));
  }, [hasOpened, t, room.name]);
  return { isWaiting, setWaiting, hasOpened };
}
