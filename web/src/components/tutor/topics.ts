import { useTranslation } from "react-i18next";

/** What to talk about with the tutor: our keys, and the words that the tutor gets. */
export const TOPICS = {
  everyday: "Everyday life",
  food: "Food and cooking",
  travel: "Travel",
  work: "Work",
  study: "Study and languages",
  hobbies: "Hobbies and free time",
  family: "Family and friends",
  home: "Home and city",
  shopping: "Shopping",
  health: "Health",
  weather: "Weather and nature",
  culture: "Culture and festivals",
  technology: "Technology",
  plans: "Plans and dreams",
  news: "News and opinions",
} as const;

export type TopicKey = keyof typeof TOPICS;
export const TOPIC_KEYS = Object.keys(TOPICS) as TopicKey[];

export function topicKey(topic: string): TopicKey | null {
  return TOPIC_KEYS.find((key) => TOPICS[key] === topic) ?? null;
}

/** Our own topics in the language of the page; others as somebody wrote them. */
export function useTopicName(): (topic: string) => string {
  const { t } = useTranslation();
  return (topic) => {
    const key = topicKey(topic);
    return key ? t(`practice.topics.${key}`) : topic || t("practice.anyTopic");
  };
}
