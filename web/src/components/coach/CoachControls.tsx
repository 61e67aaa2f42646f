import { Button } from "@mantine/core";
import {
  IconKeyboard,
  IconMicrophone,
  IconPencilCheck,
  IconPlayerStop,
  IconRefresh,
  IconX,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type CoachHook, useSettings } from "../../hooks";
import { HoldButton } from "../practice/HoldButton";
import { TypeField } from "../practice/TypeField";
import classes from "./Coach.module.css";

/** Two ways to speak: hold one button, or press another to begin and again to end. And a field to type. */
export function CoachControls({ coach, language }: { coach: CoachHook; language: string }) {
  const { t } = useTranslation();
  const { shortcutsEnabled } = useSettings();
  const [isTyping, setTyping] = useState(false);
  const { phase, hold, hears } = coach;
  const hasSpoken = coach.lines.some(({ kind }) => kind === "learner");
  const maySpeak = coach.mayPress || hold.isHeld;
  const ToggleIcon = hold.isHeld ? IconPlayerStop : IconMicrophone;
  if (phase === "failed")
    return (
      <div className={classes.controls}>
        <Button leftSection={<IconRefresh size={20} aria-hidden="true" />} onClick={coach.resume}>
          {t("coach.again")}
        </Button>
        <EndButton coach={coach} />
      </div>
    );
  return (
    <>
      {(isTyping || !hears) && <TypeField language={language} disabled={!coach.maySay} onSay={coach.say} />}
      <div className={classes.controls}>
        {hears && (
          <>
            <HoldButton hold={hold} withKeys={shortcutsEnabled} disabled={!maySpeak} />
            <Button
              variant="light"
              disabled={!maySpeak}
              leftSection={<ToggleIcon size={20} aria-hidden="true" />}
              onClick={hold.isHeld ? hold.stop : hold.start}
            >
              {t(hold.isHeld ? "coach.send" : "coach.speak")}
            </Button>
            <Button
              variant="light"
              aria-expanded={isTyping}
              leftSection={<IconKeyboard size={20} aria-hidden="true" />}
              onClick={() => setTyping(!isTyping)}
            >
              {t("coach.type")}
            </Button>
          </>
        )}
        <Button
          variant="light"
          disabled={!hasSpoken || phase !== "ready" || coach.correction === "asked"}
          leftSection={<IconPencilCheck size={20} aria-hidden="true" />}
          onClick={coach.askCorrection}
        >
          {t("coach.correct")}
        </Button>
        <EndButton coach={coach} />
      </div>
    </>
  );
}

function EndButton({ coach }: { coach: CoachHook }) {
  const { t } = useTranslation();
  return (
    <Button variant="subtle" leftSection={<IconX size={20} aria-hidden="true" />} onClick={coach.end}>
      {t("coach.end")}
    </Button>
  );
}
