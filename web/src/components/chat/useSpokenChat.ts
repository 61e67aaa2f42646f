import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { speakNext, stopSpeaking, useRoomEvents, useSettings } from "../../hooks";

/** Reads aloud what others write, with a voice of this browser, if the person wants that. */
export function useSpokenChat(language: string): void {
  const { t } = useTranslation();
  const { speakChat } = useSettings();
  useRoomEvents(({ type, line }) => {
    if (type === "chat" && line && speakChat)
      speakNext(t("chat.spoken", { name: line.name, text: line.text }), language);
  });
  useEffect(() => {
    if (speakChat) return stopSpeaking;
  }, [speakChat]);
}
