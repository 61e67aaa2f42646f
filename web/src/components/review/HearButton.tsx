import { Button } from "@mantine/core";
import { IconVolume } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { canSpeak, speak, stopSpeaking } from "../../hooks";

/** Speaks a sentence with a voice of the browser; nothing where the browser has none. */
export function HearButton({ text, language }: { text: string; language: string }) {
  const { t } = useTranslation();
  useEffect(() => stopSpeaking, []);
  if (!canSpeak()) return null;
  return (
    <Button
      variant="default"
      leftSection={<IconVolume size={18} aria-hidden="true" />}
      onClick={() => speak(text, language)}
    >
      {t("mistakes.hear")}
    </Button>
  );
}
