import { ActionIcon, Button, Title, VisuallyHidden } from "@mantine/core";
import { IconAdjustmentsHorizontal, IconMessageCheck, IconSettings } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Tutor } from "../../protocol";
import { LevelBadge } from "../common/LevelBadge";
import { useAutoFocus } from "../common/useAutoFocus";
import { QualityIndicator } from "../room/QualityIndicator";
import { TutorAvatar } from "../tutor/TutorAvatar";
import { useTopicName } from "../tutor/topics";
import { useTutorStateText } from "../tutor/tutor-texts";
import classes from "./PracticeHeader.module.css";

interface Props {
  tutor: Tutor;
  /** The server is out of reach. */
  isStale: boolean;
  corrections: number;
  onTopic(): void;
  onTutor(): void;
  onFeedback(): void;
}

export function PracticeHeader({ tutor, isStale, corrections, onTopic, onTutor, onFeedback }: Props) {
  const { t } = useTranslation();
  const heading = useAutoFocus<HTMLHeadingElement>();
  const topicName = useTopicName();
  const line = useTutorStateText(tutor, isStale);
  return (
    <header className={classes.header}>
      <TutorAvatar tutor={tutor} isStale={isStale} />
      <div className={classes.about}>
        <Title ref={heading} order={1} tabIndex={-1} className={classes.title}>
          {t("practice.with", { name: tutor.name })}
        </Title>
        <p className={classes.state} role="status" data-testid="tutor-state">
          {line}
        </p>
      </div>
      <div className={classes.tools}>
        <Button
          variant="light"
          className={classes.topicButton}
          onClick={onTopic}
          leftSection={<LevelBadge level={tutor.level} />}
        >
          <span className={classes.topic} dir="auto">
            {topicName(tutor.topic)}
          </span>
          <VisuallyHidden> {t("practice.changeTopicAndLevel")}</VisuallyHidden>
        </Button>
        <Button
          variant="light"
          className={classes.feedback}
          onClick={onFeedback}
          leftSection={<IconMessageCheck size={20} aria-hidden="true" />}
          aria-label={t("practice.corrections", { count: corrections })}
        >
          {corrections}
        </Button>
        <QualityIndicator />
        <ActionIcon color="gray" c="var(--parlor-ink)" aria-label={t("tutor.options")} onClick={onTutor}>
          <IconAdjustmentsHorizontal size={22} aria-hidden="true" />
        </ActionIcon>
      </div>
    </header>
  );
}

/** Opens the settings of microphone and speaker. */
export function SoundButton({ onClick }: { onClick(): void }) {
  const { t } = useTranslation();
  return (
    <Button variant="default" leftSection={<IconSettings size={18} aria-hidden="true" />} onClick={onClick}>
      {t("practice.sound")}
    </Button>
  );
}
