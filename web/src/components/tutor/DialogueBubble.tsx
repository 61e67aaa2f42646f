import { ActionIcon, VisuallyHidden } from "@mantine/core";
import { IconAlertTriangle, IconPencil, IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type DialogueLine, TUTOR, useMessagePlayer } from "../../hooks";
import { Correction } from "./Correction";
import classes from "./DialogueBubble.module.css";
import { Helplines } from "./Helplines";
import { MendWords } from "./MendWords";

interface Props {
  line: DialogueLine;
  /** The speaker's name, for screen readers. */
  speaker: string;
  language: string;
  conversationId: string;
  /** The talk goes on. */
  isRunning?: boolean;
  /** For one's own line: corrects what was heard. */
  onMend?: ((text: string) => void) | undefined;
}

/** One line of the conversation: its words, its corrections, and Play if its audio was saved. */
export function DialogueBubble({
  line,
  speaker,
  language,
  conversationId,
  isRunning = false,
  onMend,
}: Props) {
  const { t } = useTranslation();
  const [isMending, setMending] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const wasMending = useRef(false);
  useEffect(() => {
    if (wasMending.current && !isMending) pencil.current?.focus();
    wasMending.current = isMending;
  }, [isMending]);
  const mayMend = onMend !== undefined && !line.isOpen;
  return (
    <li className={classes.row} data-side={line.speaker === TUTOR ? "tutor" : "me"} data-open={line.isOpen}>
      <div className={classes.bubble}>
        <VisuallyHidden>{speaker}: </VisuallyHidden>
        {isMending && mayMend ? (
          <MendWords text={line.text} language={language} onSave={onMend} onClose={() => setMending(false)} />
        ) : (
          <Words line={line} language={language} />
        )}
        {line.helplines && <Helplines lines={line.helplines} />}
        {line.feedback.map((item) => (
          <div key={item.id} className={classes.correction}>
            <Correction item={item} language={language} />
          </div>
        ))}
      </div>
      {mayMend && !isMending && (
        <ActionIcon
          ref={pencil}
          color="gray"
          c="var(--parlor-ink-soft)"
          aria-label={t("tutor.mend", { text: shortened(line.text) })}
          onClick={() => setMending(true)}
        >
          <IconPencil size={18} aria-hidden="true" />
        </ActionIcon>
      )}
      {line.messageId && !line.isOpen && (
        <PlayButton
          conversationId={conversationId}
          messageId={line.messageId}
          text={line.text}
          isRunning={isRunning}
        />
      )}
    </li>
  );
}

function Words({ line, language }: { line: DialogueLine; language: string }) {
  const { t } = useTranslation();
  if (line.spoken === null) {
    const isUnsure = !line.isOpen && (line.confidence === "low" || line.confidence === "middle");
    return (
      <p className={classes.words} dir="auto">
        <span className={isUnsure ? classes.unsure : undefined} lang={language}>
          {line.text}
        </span>
        {isUnsure && <span className={classes.doubt}>{t("tutor.notSure")}</span>}
        {line.isOpen && <span className={classes.more} aria-hidden="true" />}
      </p>
    );
  }
  const rest = line.text.startsWith(line.spoken) ? line.text.slice(line.spoken.length) : "";
  return (
    <p className={classes.words} dir="auto">
      <span lang={language}>{line.spoken}</span>
      <span className={classes.unsaid} aria-hidden="true" lang={language}>
        {rest || "…"}
      </span>
      <span className={classes.cut}>{t("tutor.cutShort")}</span>
    </p>
  );
}

interface PlayButtonProps {
  conversationId: string;
  messageId: string;
  text: string;
  isRunning: boolean;
}

const NAMED = 40;

function shortened(text: string): string {
  return text.length > NAMED ? `${text.slice(0, NAMED)}…` : text;
}

export function PlayButton({ conversationId, messageId, text, isRunning }: PlayButtonProps) {
  const { t } = useTranslation();
  const player = useMessagePlayer();
  const status = player.messageId === messageId ? player.status : "idle";
  const isPlaying = status === "playing";
  const Icon = status === "failed" ? IconAlertTriangle : isPlaying ? IconPlayerStop : IconPlayerPlay;
  const start = shortened(text);
  const action = isPlaying ? "tutor.stopPlaying" : status === "failed" ? "tutor.playFailed" : "tutor.play";
  return (
    <ActionIcon
      color="gray"
      c="var(--parlor-ink-soft)"
      loading={status === "loading"}
      aria-label={t(action, { text: start })}
      title={status === "failed" ? t("tutor.playFailed", { text: start }) : undefined}
      onClick={() => (isPlaying ? player.stop() : player.play(conversationId, messageId, isRunning))}
    >
      <Icon size={18} aria-hidden="true" />
    </ActionIcon>
  );
}
