import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SignInGate } from "../components/common/SignInGate";
import { PageLayout } from "../components/layout/PageLayout";
import { LearningLinks } from "../components/practice/LearningLinks";
import { WordsView } from "../components/review/WordsView";

export default function WordsPage() {
  const { t } = useTranslation();
  return (
    <PageLayout title={t("words.title")}>
      <SignInGate title={t("history.signInFirst")}>
        <Title order={1} tabIndex={-1} mb="md">
          {t("words.title")}
        </Title>
        <LearningLinks />
        <WordsView />
      </SignInGate>
    </PageLayout>
  );
}
