import { useTranslation } from "react-i18next";
import { type Dialogue, TUTOR } from "../../hooks";
import type { Tutor } from "../../protocol";
import { SideDrawer } from "../common/SideDrawer";
import { DialogueBubble } from "../tutor/DialogueBubble";
import classes from "./TalkLive.module.css";

interface Props {
  opened: boolean;
  onClose(): void;
  dialogue: Dialogue;
  tutor: Tutor | null;
}

/** All that was said in the talk so far, with its corrections. */
export function Transcript({ opened, onClose, dialogue, tutor }: Props) {
  const { t } = useTranslation();
  return (
    <SideDrawer opened={opened} onClose={onClose} title={t("talk.transcript")}>
      {dialogue.lines.length === 0 && <p className={classes.nothing}>{t("talk.nothingSaid")}</p>}
      <ol className={classes.lines}>
        {dialogue.lines.map((line) => (
          <DialogueBubble
            key={line.key}
            line={line}
            speaker={line.speaker === TUTOR ? (tutor?.name ?? "") : t("room.you")}
            language={tutor?.language ?? "en"}
            conversationId={tutor?.conversationId ?? ""}
            isRunning
          />
        ))}
      </ol>
    </SideDrawer>
  );
}
