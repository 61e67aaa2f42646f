import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useMicrophone, useRoomEvents } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { notify } from "../common/notify";

/** What concerns me, as a note on the screen. What others do is seen on their tiles. */
export function useRoomToasts(): void {
  const { t } = useTranslation();
  useRoomEvents(({ type, participant, problem }) => {
    const name = participant?.name ?? "";
    if (type === "you_are_host") notify(t("announce.youAreHost"), "brass");
    else if (type === "host") notify(t("announce.newHost", { name }), "brass");
    else if (type === "locked") notify(t("announce.locked"), "velvet");
    else if (type === "unlocked") notify(t("announce.unlocked"), "velvet");
    // Without a problem there was no microphone: `useMicrophoneToasts` says which way.
    else if (type === "refused" && problem) notify(errorText(t, problem), "red");
  });
}

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
