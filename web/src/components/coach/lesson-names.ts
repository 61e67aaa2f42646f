import { useTranslation } from "react-i18next";
import type { CoachLesson, CoachTopic } from "../../hooks";

const TOPIC_TEXTS = {
  "General conversation": "general",
  "Food and restaurants": "food",
  "Travel in Vietnam": "travel",
  "Family and relationships": "family",
  "Work and career": "work",
  "Hobbies and interests": "hobbies",
} as const satisfies Record<CoachTopic, string>;

export function useTopicLabel(): (topic: CoachTopic) => string {
  const { t } = useTranslation();
  return (topic) => t(`coach.topics.${TOPIC_TEXTS[topic]}`);
}

export function useDifficultyName(): (difficulty: CoachLesson["difficulty"]) => string {
  const { t } = useTranslation();
  return (difficulty) => t(`coach.difficulties.${difficulty}`);
}
