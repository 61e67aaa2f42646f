import { Button, Modal, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSend } from "../../hooks";
import type { Tutor } from "../../protocol";
import { LevelPicker } from "../common/LevelPicker";
import { TopicPicker } from "../tutor/TopicPicker";
import { useHasRolePlays } from "../tutor/tutor-texts";

interface Props {
  opened: boolean;
  onClose(): void;
  tutor: Tutor;
}

/** Changes topic and level during the conversation. */
export function TopicModal({ opened, onClose, tutor }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("practice.topicAndLevel")}
      size="lg"
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <TopicForm tutor={tutor} onDone={onClose} />
    </Modal>
  );
}

function TopicForm({ tutor, onDone }: { tutor: Tutor; onDone(): void }) {
  const { t } = useTranslation();
  const send = useSend();
  const [topic, setTopic] = useState(tutor.topic);
  const [level, setLevel] = useState(tutor.level);
  const hasRolePlays = useHasRolePlays(tutor.language);
  const save = (event: React.FormEvent) => {
    event.preventDefault();
    if (topic.trim() !== tutor.topic) send("set_topic", { topic: topic.trim() });
    if (level !== tutor.level) send("set_level", { level });
    onDone();
  };
  return (
    <form onSubmit={save}>
      <Stack gap="lg">
        <TopicPicker value={topic} hasRolePlays={hasRolePlays} onChange={setTopic} />
        <LevelPicker label={t("create.level")} value={level} onChange={setLevel} />
        <Button type="submit" size="md">
          {t("practice.change")}
        </Button>
      </Stack>
    </form>
  );
}
