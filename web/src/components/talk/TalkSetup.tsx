import { Anchor, Button, Stack, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustmentsHorizontal, IconMicrophone, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type TalkHook, type TalkLesson, useSession, useSettings } from "../../hooks";
import { LanguageSelect } from "../common/LanguageSelect";
import { LevelBadge } from "../common/LevelBadge";
import { LevelPicker } from "../common/LevelPicker";
import { DEFAULT_LANGUAGE } from "../common/profile-form";
import { useKeptText } from "../tutor/Privacy";
import { TopicPicker } from "../tutor/TopicPicker";
import { isRolePlay, TOPICS, useTopicName } from "../tutor/topics";
import { UnsupportedLanguageNote, useHasRolePlays, useUnsupportedLanguageText } from "../tutor/tutor-texts";
import { Orb } from "./Orb";
import classes from "./TalkSetup.module.css";

interface Props {
  talk: TalkHook;
  onStart(lesson: TalkLesson): void;
}

/** Before a talk: one click starts it; topic, level and language can be changed first. */
export function TalkSetup({ talk, onStart }: Props) {
  const { t } = useTranslation();
  const { user } = useSession();
  const { practiceLanguage, setPracticeLanguage } = useSettings();
  const [isOpen, details] = useDisclosure(false);
  const [chosen, setTopic] = useState<string>(TOPICS.everyday);
  const [level, setLevel] = useState(user?.learningLevel ?? "A2");
  const topicName = useTopicName();
  const kept = useKeptText();
  const language = practiceLanguage ?? DEFAULT_LANGUAGE;
  const hasRolePlays = useHasRolePlays(language);
  const topic = isRolePlay(chosen) && !hasRolePlays ? TOPICS.everyday : chosen;
  const isUntaught = useUnsupportedLanguageText(language) !== null;
  return (
    <form
      className={classes.setup}
      onSubmit={(event) => {
        event.preventDefault();
        onStart({ topic: topic.trim(), level, language });
      }}
    >
      <Orb stance="idle" />
      <Title order={1} tabIndex={-1} className={classes.title}>
        {t("talk.setupTitle")}
      </Title>
      <p className={classes.lead}>{t("talk.lead")}</p>
      <p className={classes.lesson}>
        <LevelBadge level={level} /> <span dir="auto">{topicName(topic)}</span>
      </p>
      <div className={classes.actions}>
        {talk.kept && (
          <Button
            size="lg"
            leftSection={<IconPlayerPlay size={22} aria-hidden="true" />}
            onClick={talk.resume}
          >
            {t("talk.resume")}
          </Button>
        )}
        <Button
          type="submit"
          size="lg"
          variant={talk.kept ? "default" : "filled"}
          disabled={isUntaught}
          leftSection={<IconMicrophone size={22} aria-hidden="true" />}
        >
          {t(talk.kept ? "talk.again" : "practice.start")}
        </Button>
        <Button
          variant="subtle"
          aria-expanded={isOpen}
          leftSection={<IconAdjustmentsHorizontal size={20} aria-hidden="true" />}
          onClick={details.toggle}
        >
          {t("talk.change")}
        </Button>
      </div>
      <UnsupportedLanguageNote language={language} />
      {isOpen && (
        <Stack gap="xl" className={classes.details}>
          <TopicPicker value={topic} hasRolePlays={hasRolePlays} onChange={setTopic} />
          <LevelPicker label={t("create.level")} value={level} onChange={setLevel} />
          <LanguageSelect
            label={t("practice.language")}
            value={language}
            onChange={(next) => next && setPracticeLanguage(next)}
          />
        </Stack>
      )}
      <p className={classes.note}>
        {t("talk.microphoneNote")} {kept}{" "}
        <Anchor component={Link} to="/practice" size="sm" underline="always">
          {t("talk.toPractice")}
        </Anchor>
      </p>
    </form>
  );
}
