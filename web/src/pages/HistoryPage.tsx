import { Button, Title } from "@mantine/core";
import { IconMicrophone } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { SignInGate } from "../components/common/SignInGate";
import { ConversationList } from "../components/history/ConversationList";
import { ProgressView } from "../components/history/ProgressView";
import { PageLayout } from "../components/layout/PageLayout";
import { LearningLinks } from "../components/practice/LearningLinks";
import classes from "./HistoryPage.module.css";

export default function HistoryPage() {
  const { t } = useTranslation();
  return (
    <PageLayout title={t("history.page")}>
      <SignInGate title={t("history.signInFirst")}>
        <div className={classes.head}>
          <Title order={1} tabIndex={-1}>
            {t("history.title")}
          </Title>
          <Button
            component={Link}
            to="/practice"
            leftSection={<IconMicrophone size={20} aria-hidden="true" />}
          >
            {t("practice.start")}
          </Button>
        </div>
        <LearningLinks />
        <section className={classes.section} aria-labelledby="history-progress">
          <h2 id="history-progress">{t("history.progress")}</h2>
          <ProgressView />
        </section>
        <section className={classes.section} aria-labelledby="history-talks">
          <h2 id="history-talks">{t("history.talks")}</h2>
          <ConversationList />
        </section>
      </SignInGate>
    </PageLayout>
  );
}
