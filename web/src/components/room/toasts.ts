import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useMicrophone, useRoomEvents } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { microphoneProblem } from "../common/microphone-problem";
import { notify } from "../common/notify";
import { usePersonName } from "../people/usePersonName";

/** Toasts for events that concern this person. Events of others show on their tiles. */
export function useRoomToasts(): void {
  const { t } = useTranslation();
  const nameOf = usePersonName();
  useRoomEvents(({ type, participant, problem, room }) => {
    const name = participant ? nameOf(participant) : "";
    if (type === "you_are_host") notify(t("announce.youAreHost"), "brass");
    else if (type === "host") notify(t("announce.newHost", { name }), "brass");
    else if (type === "your_hand_lowered_by_host") notify(t("announce.handLoweredByHost"), "velvet");
    else if (type === "your_hand_spoken") notify(t("announce.handSpoken"), "velvet");
    else if (type === "your_floor") notify(t("announce.floor"), "brass");
    else if (type === "locked") notify(t("announce.locked"), "velvet");
    else if (type === "unlocked") notify(t("announce.unlocked"), "velvet");
    else if (type === "knock_on") notify(t("announce.knockOn"), "velvet");
    else if (type === "knock_off") notify(t("announce.knockOff"), "velvet");
    else if (type === "cohost") notify(t("announce.cohost", { name }), "brass");
    else if (type === "you_are_cohost") notify(t("announce.youAreCohost"), "brass");
    else if (type === "you_are_no_cohost") notify(t("announce.youAreNoCohost"), "velvet");
    else if (type === "edited" && room)
      notify(t("announce.edited", { name: room.name, level: room.level }), "velvet");
    else if (type === "chat_on") notify(t("announce.chatOn"), "velvet");
    else if (type === "chat_off") notify(t("announce.chatOff"), "velvet");
    // Without a problem the microphone was missing: `useMicrophoneToasts` reports that.
    else if (type === "refused" && problem) notify(errorText(t, problem), "red");
  });
}

/** Toasts for a microphone that is refused, missing or lost during a call. Listeners joined without one and get none. */
export function useMicrophoneToasts(): void {
  const { t } = useTranslation();
  const { status, error } = useMicrophone();
  const reported = useRef(status);
  useEffect(() => {
    if (reported.current === status) return;
    reported.current = status;
    const problem = microphoneProblem(status);
    if (error === "ended") notify(t("room.microphoneLost"), "red");
    else if (problem) notify(t(`prejoin.${problem}Text`), "red");
  }, [status, error, t]);
}
