import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useMicrophone } from "../../hooks";
import { notify } from "../common/notify";

/** In the room, words on a microphone that is refused, missing or gone. Whoever came in without one knows already. */
export function useMicrophoneToasts(): void {
  const { t } = useTranslation();
  const { status, error } = useMicrophone();
  const told = useRef(status);
  useEffect(() => {
    if (told.current === status) return;
    told.current = status;
    if (error === "ended") notify(t("room.microphoneLost"), "red");
    else if (status === "denied" || status === "none" || status === "error")
      notify(t(`lobby.${status}Text`), "red");
  }, [status, error, t]);
}
