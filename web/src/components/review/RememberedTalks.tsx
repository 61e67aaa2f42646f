import { ActionIcon, Anchor, Button, TextInput } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { RememberedTalk } from "../../protocol";
import { useTopicName } from "../tutor/topics";
import classes from "./Memory.module.css";

interface Props {
  talks: RememberedTalk[];
  /** An empty text forgets the talk. Whether it was stored. */
  onNote(conversationId: string, text: string): Promise<boolean>;
}

/** The last talks, each with one line that its learner may rewrite. */
export function RememberedTalks({ talks, onNote }: Props) {
  const { t } = useTranslation();
  if (talks.length === 0) return <p className={classes.note}>{t("memory.none")}</p>;
  return (
    <ul className={classes.rows}>
      {talks.map((talk) => (
        <TalkRow key={talk.conversationId} talk={talk} onNote={onNote} />
      ))}
    </ul>
  );
}

function TalkRow({ talk, onNote }: { talk: RememberedTalk; onNote: Props["onNote"] }) {
  const { t, i18n } = useTranslation();
  const topicName = useTopicName();
  const [draft, setDraft] = useState<string | null>(null);
  const { conversationId, at, topic, summary } = talk;
  const day = new Date(at).toLocaleDateString(i18n.language, { dateStyle: "medium" });
  const name = `${topicName(topic)}, ${day}`;
  const save = async (event: React.FormEvent) => {
    event.preventDefault();
    if (!draft?.trim()) return;
    if (await onNote(conversationId, draft.trim())) setDraft(null);
  };
  return (
    <li>
      <div className={classes.text}>
        <Anchor component={Link} to={`/practice/history/${conversationId}`} dir="auto">
          {name}
        </Anchor>
        {draft === null ? (
          <p dir="auto">{summary}</p>
        ) : (
          <form className={classes.form} onSubmit={(event) => void save(event)}>
            <TextInput
              className={classes.field}
              label={t("memory.note")}
              autoFocus
              maxLength={280}
              value={draft}
              onChange={(event) => setDraft(event.currentTarget.value)}
            />
            <Button type="submit">{t("memory.save")}</Button>
            <Button variant="subtle" onClick={() => setDraft(null)}>
              {t("room.cancel")}
            </Button>
          </form>
        )}
      </div>
      <div className={classes.actions}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("memory.edit", { what: name })}
          onClick={() => setDraft(summary.slice(0, 280))}
        >
          <IconPencil size={18} aria-hidden="true" />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("memory.forget", { what: name })}
          onClick={() => void onNote(conversationId, "")}
        >
          <IconTrash size={18} aria-hidden="true" />
        </ActionIcon>
      </div>
    </li>
  );
}
