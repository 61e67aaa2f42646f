import { CloseButton } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Dialogue } from "../../hooks";
import { corrections, FeedbackAnnouncer, FeedbackCard } from "../tutor/Feedback";
import classes from "./TalkLive.module.css";

/** The newest correction, until it is closed: beside the talk, which goes on. */
export function TalkCorrection({ dialogue, language }: { dialogue: Dialogue; language: string }) {
  const { t } = useTranslation();
  const [putAway, setPutAway] = useState<string | null>(null);
  const [newest] = corrections(dialogue);
  return (
    <>
      <FeedbackAnnouncer dialogue={dialogue} />
      {newest && newest.id !== putAway && (
        <div key={newest.id} className={classes.correction} data-testid="talk-correction">
          <FeedbackCard item={newest} language={language} />
          <CloseButton
            className={classes.close}
            size={44}
            iconSize={18}
            aria-label={t("app.close")}
            onClick={() => setPutAway(newest.id)}
          />
        </div>
      )}
    </>
  );
}
