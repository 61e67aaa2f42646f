import { Button } from "@mantine/core";
import { IconMicrophone } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasFailed, isSameSentence, useSpokenAnswer } from "../../hooks";
import { HearButton } from "./HearButton";
import classes from "./Review.module.css";

/** Hear a right sentence, and say it again: the browser's recognition tells what it heard. */
export function SayAgain({ text, language }: { text: string; language: string }) {
  const { t } = useTranslation();
  const [heard, setHeard] = useState<string | null>(null);
  const voice = useSpokenAnswer(setHeard);
  return (
    <div className={classes.again}>
      <div className={classes.buttons}>
        <HearButton text={text} language={language} name={text} />
        {voice.isSupported && !hasFailed(voice.status) && (
          <Button
            variant="light"
            aria-pressed={voice.status === "on"}
            aria-label={voice.status === "on" ? undefined : `${t("mistakes.sayAgain")}: ${text}`}
            leftSection={<IconMicrophone size={18} aria-hidden="true" />}
            onClick={() => (voice.status === "on" ? voice.stop() : voice.listen(language))}
          >
            {t(voice.status === "on" ? "mistakes.listening" : "mistakes.sayAgain")}
          </Button>
        )}
      </div>
      <p role="status" className={classes.note}>
        {hasFailed(voice.status)
          ? t("mistakes.cannotHear")
          : voice.status === "on"
            ? t("mistakes.browserHears")
            : heard !== null &&
              t(isSameSentence(heard, text) ? "mistakes.saidRight" : "mistakes.heard", { text: heard })}
      </p>
    </div>
  );
}
