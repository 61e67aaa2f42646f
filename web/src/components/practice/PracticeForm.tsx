import { Button, Stack } from "@mantine/core";
import { IconMaximize, IconMicrophone } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useSettings } from "../../hooks";
import type { Level } from "../../protocol";
import { ActionBar } from "../common/ActionBar";
import { FORM, FormError, formErrors } from "../common/form-errors";
import { LanguageSelect } from "../common/LanguageSelect";
import { LevelPicker } from "../common/LevelPicker";
import { DEFAULT_LANGUAGE } from "../common/profile-form";
import { KeepAudioSwitch } from "../tutor/consent-switches";
import { TopicPicker } from "../tutor/TopicPicker";
import { isRolePlay, TOPICS } from "../tutor/topics";
import { UnsupportedLanguageNote, useHasRolePlays, useUnsupportedLanguageText } from "../tutor/tutor-texts";
import { useStartPractice } from "./useStartPractice";

interface Props {
  /** The level in the person's profile. */
  level: Level;
}

export function PracticeForm({ level: ownLevel }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { start, isStarting, error } = useStartPractice();
  const [chosen, setTopic] = useState<string>(TOPICS.everyday);
  const [level, setLevel] = useState(ownLevel);
  const { practiceLanguage, setPracticeLanguage } = useSettings();
  const language = practiceLanguage ?? DEFAULT_LANGUAGE;
  const hasRolePlays = useHasRolePlays(language);
  const topic = isRolePlay(chosen) && !hasRolePlays ? TOPICS.everyday : chosen;
  const errors = error === null ? {} : formErrors(t, error, ["topic"]);
  const isUntaught = useUnsupportedLanguageText(language) !== null;
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    void start({ topic: topic.trim(), level, language });
  };
  const talk = () => void navigate("/talk", { state: { lesson: { topic: topic.trim(), level, language } } });
  return (
    <form onSubmit={submit}>
      <Stack gap="xl">
        <TopicPicker value={topic} hasRolePlays={hasRolePlays} onChange={setTopic} error={errors.topic} />
        <LevelPicker label={t("create.level")} value={level} onChange={setLevel} />
        <LanguageSelect
          label={t("practice.language")}
          value={language}
          onChange={(next) => next && setPracticeLanguage(next)}
        />
        <UnsupportedLanguageNote language={language} />
        <KeepAudioSwitch />
        {errors[FORM] && <FormError>{errors[FORM]}</FormError>}
        <ActionBar within="form">
          <Button
            type="submit"
            size="lg"
            loading={isStarting}
            disabled={isUntaught}
            leftSection={<IconMicrophone size={20} aria-hidden="true" />}
          >
            {t("practice.start")}
          </Button>
          <Button
            size="lg"
            variant="default"
            disabled={isUntaught || isStarting}
            leftSection={<IconMaximize size={20} aria-hidden="true" />}
            onClick={talk}
          >
            {t("talk.fullScreen")}
          </Button>
        </ActionBar>
      </Stack>
    </form>
  );
}
