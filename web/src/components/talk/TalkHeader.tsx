import { ActionIcon, VisuallyHidden } from "@mantine/core";
import { IconBadgeCc, IconBadgeCcFilled, IconMessages, IconSettings } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useSettings } from "../../hooks";
import type { Tutor } from "../../protocol";
import { LevelBadge } from "../common/LevelBadge";
import { useAutoFocus } from "../common/useAutoFocus";
import { useTopicName } from "../tutor/topics";
import classes from "./TalkLive.module.css";

interface Props {
  tutor: Tutor | null;
  onTranscript(): void;
  onSound(): void;
}

export function TalkHeader({ tutor, onTranscript, onSound }: Props) {
  const { t } = useTranslation();
  const heading = useAutoFocus<HTMLHeadingElement>();
  const topicName = useTopicName();
  const { captions, setCaptions } = useSettings();
  const CaptionsIcon = captions ? IconBadgeCcFilled : IconBadgeCc;
  return (
    <header className={classes.header}>
      <div className={classes.about}>
        {tutor && <LevelBadge level={tutor.level} />}
        <span className={classes.topic} dir="auto">
          {tutor ? topicName(tutor.topic) : ""}
        </span>
        <VisuallyHidden>
          <h1 ref={heading} tabIndex={-1}>
            {t("talk.title")}
          </h1>
        </VisuallyHidden>
      </div>
      <div className={classes.tools}>
        <ActionIcon
          color="gray"
          c="var(--parlor-ink)"
          aria-label={t("tutor.captions")}
          aria-pressed={captions}
          title={t("tutor.captions")}
          onClick={() => setCaptions(!captions)}
        >
          <CaptionsIcon size={24} aria-hidden="true" />
        </ActionIcon>
        <ActionIcon
          color="gray"
          c="var(--parlor-ink)"
          aria-label={t("talk.transcript")}
          title={t("talk.transcript")}
          onClick={onTranscript}
        >
          <IconMessages size={24} aria-hidden="true" />
        </ActionIcon>
        <ActionIcon
          color="gray"
          c="var(--parlor-ink)"
          aria-label={t("practice.sound")}
          title={t("practice.sound")}
          onClick={onSound}
        >
          <IconSettings size={24} aria-hidden="true" />
        </ActionIcon>
      </div>
    </header>
  );
}
