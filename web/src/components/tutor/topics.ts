import { useTranslation } from "react-i18next";

/** Suggested topics: key of the text, and the words that are sent to the tutor. */
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
  hotel: "Role play: at the hotel",
  interview: "Role play: a job interview",
  shop: "Role play: in a clothes shop",
  doctor: "Role play: at the doctor's",
  smallTalk: "Role play: small talk with a new neighbour",
} as const;

export type TopicKey = keyof typeof TOPICS;
export const TOPIC_KEYS = Object.keys(TOPICS) as TopicKey[];

const ROLE_PLAY = "Role play: ";

export function isRolePlay(topic: string): boolean {
  return topic.startsWith(ROLE_PLAY);
}

export function topicKey(topic: string): TopicKey | null {
  return TOPIC_KEYS.find((key) => TOPICS[key] === topic) ?? null;
}

/** Names suggested topics in the page's language, and others as they were written. */
export function useTopicName(): (topic: string) => string {
  const { t } = useTranslation();
  return (topic) => {
    const key = topicKey(topic);
    return key ? t(`practice.topics.${key}`) : topic || t("practice.anyTopic");
  };
}
