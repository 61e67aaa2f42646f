import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useKnockSound } from "../../hooks";
import type { Admission, RoomPreview } from "../../protocol";
import { notify } from "../common/notify";

export interface Door {
  isWaiting: boolean;
  setWaiting(waits: boolean): void;
  /** The person waited, and can join now. */
  hasOpened: boolean;
}

/** Whether a click may lead into the room, at once or after a knock. */
export function canAsk(admission: Admission): boolean {
  return admission === "open" || admission === "knock";
}

/** Tells somebody who asked for it that the full or locked room can be joined now. */
export function useDoor(room: RoomPreview): Door {
  const { t } = useTranslation();
  const [isWaiting, setWaiting] = useState(false);
  const isOpen = canAsk(room.admission);
  const hasOpened = isWaiting && isOpen;
  const play = useKnockSound();
  useEffect(() => {
    if (!hasOpened) return;
    play();
    notify(t("prejoin.opened", { room: room.name }));
  }, [hasOpened, play, t, room.name]);
  return { isWaiting, setWaiting, hasOpened };
}
