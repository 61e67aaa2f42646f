import { Button, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type CallHook, nextTopic } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import classes from "./HostPanel.module.css";
import { MOST_TOPICS, tooLong, topicsIn } from "./topic-list";

/** The list, of which one topic is shown to everyone; and its text to edit, one topic on each line. */
export function TopicsPart({ call }: { call: CallHook }) {
  const { t } = useTranslation();
  const { topics, topicIndex } = call.club;
  const [isEditing, setEditing] = useState(false);
  const next = nextTopic(call.club);
  if (isEditing || topics.length === 0)
    return <TopicsForm call={call} onDone={() => setEditing(false)} canCancel={isEditing} />;
  return (
    <>
      <ol className={classes.topics}>
        {topics.map((topic, index) => (
          // The same text may be in the list twice, and rows do not move.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={index}>
            <Button
              variant={index === topicIndex ? "filled" : "default"}
              justify="flex-start"
              radius="md"
              classNames={{ root: classes.topic ?? "", label: classes.label ?? "" }}
              aria-pressed={index === topicIndex}
              onClick={() => call.send("show_topic", { index })}
            >
              <bdi>{`${index + 1}. ${topic}`}</bdi>
            </Button>
          </li>
        ))}
      </ol>
      <div className={classes.row}>
        {next !== null && (
          <Button onClick={() => call.send("show_topic", { index: next })}>{t("club.nextTopic")}</Button>
        )}
        {topicIndex !== null && (
          <Button variant="default" onClick={() => call.send("show_topic", { index: null })}>
            {t("host.noTopic")}
          </Button>
        )}
        <Button variant="subtle" onClick={() => setEditing(true)}>
          {t("host.editTopics")}
        </Button>
      </div>
    </>
  );
}

function TopicsForm({ call, onDone, canCancel }: { call: CallHook; onDone(): void; canCancel: boolean }) {
  const { t } = useTranslation();
  const [text, setText] = useState(call.club.topics.join("\n"));
  const [error, setError] = useState<string | null>(null);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const topics = topicsIn(text);
    const long = tooLong(topics);
    if (topics.length > MOST_TOPICS) setError(t("host.tooMany", { most: MOST_TOPICS }));
    else if (long) setError(t("host.tooLong", long));
    else {
      try {
        await call.request("set_topics", { topics });
        onDone();
      } catch (reason) {
        setError(errorText(t, reason));
      }
    }
  };
  return (
    <form className={classes.section} onSubmit={save} noValidate>
      <Textarea
        label={t("host.topicsLabel")}
        description={t("host.topicsHint", { most: MOST_TOPICS })}
        autosize
        minRows={4}
        maxRows={12}
        data-autofocus={canCancel || undefined}
        value={text}
        error={error}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setError(null);
        }}
      />
      <div className={classes.row}>
        <Button type="submit">{t("host.saveTopics")}</Button>
        {canCancel && (
          <Button variant="default" onClick={onDone}>
            {t("host.cancel")}
          </Button>
        )}
      </div>
    </form>
  );
}
