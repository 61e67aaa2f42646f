import { Anchor, Button, Text, Title } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconArrowLeft, IconTrash } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { linesOf, TUTOR, useConversation, useDeleteConversation } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { ConversationDetail } from "../../protocol";
import { LevelBadge } from "../common/LevelBadge";
import { notify } from "../common/notify";
import { PageLoader } from "../common/PageLoader";
import { StatusPage } from "../common/StatusPage";
import { SayAgain } from "../review/SayAgain";
import { TalkSummary } from "../review/TalkSummary";
import { DialogueBubble } from "../tutor/DialogueBubble";
import { FeedbackCard } from "../tutor/Feedback";
import { useTopicName } from "../tutor/topics";
import { Citations } from "./Citations";
import classes from "./ConversationView.module.css";

export function ConversationView({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data, error } = useConversation(id);
  if (error) {
    return (
      <StatusPage title={t("history.goneTitle")} text={errorText(t, error)}>
        <Button component={Link} to="/practice/history">
          {t("practice.history")}
        </Button>
      </StatusPage>
    );
  }
  return data ? <Kept conversation={data} /> : <PageLoader />;
}

function Kept({ conversation }: { conversation: ConversationDetail }) {
  const { t, i18n } = useTranslation();
  const topicName = useTopicName();
  const { id, language, level, topic, startedAt } = conversation;
  const lines = useMemo(() => linesOf(conversation, "me"), [conversation]);
  const feedback = lines.flatMap((line) => line.feedback);
  const when = new Date(startedAt).toLocaleString(i18n.language, { dateStyle: "long", timeStyle: "short" });
  return (
    <>
      <Anchor component={Link} to="/practice/history" className={classes.back}>
        <IconArrowLeft size={18} aria-hidden="true" />
        {t("practice.history")}
      </Anchor>
      <Title order={1} tabIndex={-1} dir="auto">
        {topicName(topic)}
      </Title>
      <p className={classes.meta}>
        <LevelBadge level={level} withName />
        <time dateTime={startedAt}>{when}</time>
      </p>
      <TalkSummary conversationId={id} />
      <div className={classes.columns}>
        <ol className={classes.lines} aria-label={t("practice.conversation")}>
          {lines.map((line) => (
            <DialogueBubble
              key={line.key}
              line={line}
              speaker={line.speaker === TUTOR ? t("room.tutor") : t("room.you")}
              language={language}
              conversationId={id}
            />
          ))}
        </ol>
        <div className={classes.side}>
          <section className={classes.feedback} aria-labelledby="kept-feedback">
            <h2 id="kept-feedback" className={classes.heading}>
              {t("tutor.feedback")}
            </h2>
            {feedback.length === 0 && <p className={classes.none}>{t("tutor.noFeedback")}</p>}
            {feedback.map((item) => (
              <div key={item.id} className={classes.heard}>
                <FeedbackCard item={item} language={language} />
                <SayAgain text={item.correctedSentence} language={language} />
              </div>
            ))}
          </section>
          <Citations messages={conversation.messages} />
        </div>
      </div>
      <DeleteButton id={id} />
    </>
  );
}

function DeleteButton({ id }: { id: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { mutateAsync } = useDeleteConversation();
  const remove = async () => {
    try {
      await mutateAsync(id);
      await navigate("/practice/history");
    } catch (error) {
      notify(errorText(t, error), "red");
    }
  };
  const ask = () =>
    modals.openConfirmModal({
      title: t("history.deleteTitle"),
      children: <Text>{t("history.deleteText")}</Text>,
      labels: { confirm: t("history.delete"), cancel: t("room.cancel") },
      confirmProps: { color: "red" },
      closeButtonProps: { "aria-label": t("app.close") },
      onConfirm: () => void remove(),
    });
  return (
    <Button
      mt="xl"
      variant="outline"
      color="red"
      leftSection={<IconTrash size={18} aria-hidden="true" />}
      onClick={ask}
    >
      {t("history.deleteButton")}
    </Button>
  );
}
