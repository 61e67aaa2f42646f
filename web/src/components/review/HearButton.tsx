import { Button } from "@mantine/core";
import { IconVolume } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { canSpeak, speak, stopSpeaking } from "../../hooks";

interface Props {
  text: string;
  language: string;
  /** Says which text it is where several buttons are in one list. */
  name?: string;
}

/** Speaks a sentence with a voice of the browser; nothing where the browser has none. */
export function HearButton({ text, language, name }: Props) {
  const { t } = useTranslation();
  useEffect(() => stopSpeaking, []);
  if (!canSpeak()) return null;
  return (
    <Button
      variant="default"
      leftSection={<IconVolume size={18} aria-hidden="true" />}
      aria-label={name && `${t("mistakes.hear")}: ${name}`}
      onClick={() => speak(text, language)}
    >
      {t("mistakes.hear")}
    </Button>
  );
}
