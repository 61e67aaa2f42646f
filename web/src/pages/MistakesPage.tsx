import { Button, Title } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { SignInGate } from "../components/common/SignInGate";
import { PageLayout } from "../components/layout/PageLayout";
import { MistakesView } from "../components/review/MistakesView";
import classes from "./HistoryPage.module.css";

export default function MistakesPage() {
  const { t } = useTranslation();
  return (
    <PageLayout title={t("mistakes.title")}>
      <SignInGate title={t("history.signInFirst")}>
        <div className={classes.head}>
          <Title order={1} tabIndex={-1}>
            {t("mistakes.title")}
          </Title>
          <Button
            component={Link}
            to="/practice/history"
            variant="light"
            leftSection={<IconHistory size={20} aria-hidden="true" />}
          >
            {t("practice.history")}
          </Button>
        </div>
        <MistakesView />
      </SignInGate>
    </PageLayout>
  );
}
