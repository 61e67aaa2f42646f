import { useTranslation } from "react-i18next";
import { topicKey } from "./topics";

/** Our own topics in the language of the page; others as somebody wrote them. */
export function useTopicName(): (topic: string) => string {
  const { t } = useTranslation();
  return (topic) => {
    const key = topicKey(topic);
    return key ? t(`practice.topics.${key}`) : topic || t("practice.anyTopic");
  };
}
