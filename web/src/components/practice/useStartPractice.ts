import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useCreateRoom, useMicrophone } from "../../hooks";
import type { Level } from "../../protocol";
import { useTopicName } from "../tutor/topics";

interface Wish {
  topic: string;
  level: Level;
  language: string;
}

/** Maximum length of a room's name. */
const MAX_NAME = 60;

/** Creates a practice room and joins it. Without a microphone the person can type. */
export function useStartPractice() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const microphone = useMicrophone();
  const { create } = useCreateRoom();
  const topicName = useTopicName();
  const [isStarting, setStarting] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const start = async ({ topic, level, language }: Wish) => {
    setStarting(true);
    setError(null);
    try {
      await microphone.start();
      const name = t("practice.roomName", { topic: topicName(topic) }).slice(0, MAX_NAME);
      const room = await create({ name, topic, level, language, type: "ai" });
      await navigate(`/rooms/${room.id}`, { state: { enter: true } });
    } catch (failure) {
      microphone.stop();
      setError(failure);
      setStarting(false);
    }
  };
  return { start, isStarting, error };
}
