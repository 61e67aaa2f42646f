import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SignInGate } from "../components/common/SignInGate";
import { KnowledgeView } from "../components/knowledge/KnowledgeView";
import { PageLayout } from "../components/layout/PageLayout";
import { LearningLinks } from "../components/practice/LearningLinks";

export default function DocumentsPage() {
  const { t } = useTranslation();
  return (
    <PageLayout title={t("documents.title")}>
      <SignInGate title={t("history.signInFirst")}>
        <Title order={1} tabIndex={-1} mb="md">
          {t("documents.title")}
        </Title>
        <LearningLinks />
        <KnowledgeView />
      </SignInGate>
    </PageLayout>
  );
}
