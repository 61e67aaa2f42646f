import { Button, CloseButton } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TalkLog } from "../../hooks";
import { FeedbackCard } from "./FeedbackCard";
import { corrections, FeedbackAnnouncer } from "./FeedbackPanel";
import classes from "./RoomFeedback.module.css";

interface Props {
  talk: TalkLog;
  language: string;
  onAll(): void;
}

/** The newest correction, until it is put away. Nobody else in the room gets it. */
export function RoomFeedback({ talk, language, onAll }: Props) {
  const { t } = useTranslation();
  const [putAway, setPutAway] = useState<string | null>(null);
  const items = corrections(talk);
  const [newest] = items;
  return (
    <>
      <FeedbackAnnouncer talk={talk} />
      {newest && newest.id !== putAway && (
        <div className={classes.feedback}>
          <div className={classes.head}>
            <p className={classes.private}>{t("tutor.onlyYou")}</p>
            {items.length > 1 && (
              <Button size="compact-sm" variant="subtle" onClick={onAll}>
                {t("tutor.allFeedback", { count: items.length })}
              </Button>
            )}
            <CloseButton
              size={44}
              iconSize={20}
              aria-label={t("app.close")}
              onClick={() => setPutAway(newest.id)}
            />
          </div>
          <FeedbackCard item={newest} language={language} />
        </div>
      )}
    </>
  );
}
