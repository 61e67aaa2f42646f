import { ActionIcon } from "@mantine/core";
import { IconAlertTriangle, IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMessagePlayer } from "../../hooks";

interface Props {
  conversationId: string;
  messageId: string;
  text: string;
}

const NAMED = 40;

export function PlayButton({ conversationId, messageId, text }: Props) {
  const { t } = useTranslation();
  const player = useMessagePlayer();
  const status = player.messageId === messageId ? player.status : "idle";
  const isPlaying = status === "playing";
  const Icon = status === "failed" ? IconAlertTriangle : isPlaying ? IconPlayerStop : IconPlayerPlay;
  const start = text.length > NAMED ? `${text.slice(0, NAMED)}…` : text;
  const action = isPlaying ? "tutor.stopPlaying" : status === "failed" ? "tutor.playFailed" : "tutor.play";
  return (
    <ActionIcon
      color="gray"
      c="var(--parlor-ink-soft)"
      loading={status === "loading"}
      aria-label={t(action, { text: start })}
      title={status === "failed" ? t("tutor.playFailed", { text: start }) : undefined}
      onClick={() => (isPlaying ? player.stop() : player.play(conversationId, messageId))}
    >
      <Icon size={18} aria-hidden="true" />
    </ActionIcon>
  );
}
