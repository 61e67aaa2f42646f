import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SignInGate } from "../components/common/SignInGate";
import { PageLayout } from "../components/layout/PageLayout";
import { LearningLinks } from "../components/practice/LearningLinks";
import { MemoryView } from "../components/review/MemoryView";

export default function MemoryPage() {
  const { t } = useTranslation();
  return (
    <PageLayout title={t("memory.title")}>
      <SignInGate title={t("history.signInFirst")}>
        <Title order={1} tabIndex={-1} mb="md">
          {t("memory.title")}
        </Title>
        <LearningLinks />
        <MemoryView />
      </SignInGate>
    </PageLayout>
  );
}
