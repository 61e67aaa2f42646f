import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useConversations } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { Conversation } from "../../protocol";
import { FormError } from "../common/form-errors";
import { LevelBadge } from "../common/LevelBadge";
import { PageLoader } from "../common/PageLoader";
import { StatusPage } from "../common/StatusPage";
import { useTopicName } from "../tutor/topics";
import classes from "./ConversationList.module.css";

export function ConversationList() {
  const { t } = useTranslation();
  const { conversations, isLoading, error, refetch, hasMore, loadMore } = useConversations();
  if (isLoading) return <PageLoader />;
  if (error) {
    return (
      <>
        <FormError>{errorText(t, error)}</FormError>
        <Button mt="md" variant="default" onClick={refetch}>
          {t("app.retry")}
        </Button>
      </>
    );
  }
  if (conversations.length === 0) {
    return (
      <StatusPage as="note" title={t("history.emptyTitle")} text={t("history.emptyText")}>
        <Button component={Link} to="/practice">
          {t("practice.start")}
        </Button>
      </StatusPage>
    );
  }
  return (
    <>
      <ul className={classes.list}>
        {conversations.map((one) => (
          <ConversationRow key={one.id} conversation={one} />
        ))}
      </ul>
      {hasMore && (
        <Button mt="md" variant="default" onClick={loadMore}>
          {t("history.more")}
        </Button>
      )}
    </>
  );
}

function ConversationRow({ conversation }: { conversation: Conversation }) {
  const { t, i18n } = useTranslation();
  const topicName = useTopicName();
  const { id, topic, level, startedAt, messageCount, correctionCount } = conversation;
  const when = new Date(startedAt).toLocaleString(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  return (
    <li>
      <Link to={`/practice/history/${id}`} className={classes.row}>
        <LevelBadge level={level} />
        <span className={classes.topic} dir="auto">
          {topicName(topic)}
        </span>
        <span className={classes.facts}>
          <time dateTime={startedAt}>{when}</time>
          {" · "}
          <span>{t("history.messages", { count: messageCount })}</span>
          {" · "}
          <span>{t("history.correctionCount", { count: correctionCount })}</span>
        </span>
      </Link>
    </li>
  );
}
