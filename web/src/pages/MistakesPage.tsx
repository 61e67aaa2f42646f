import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SignInGate } from "../components/common/SignInGate";
import { PageLayout } from "../components/layout/PageLayout";
import { LearningLinks } from "../components/practice/LearningLinks";
import { MistakesView } from "../components/review/MistakesView";

export default function MistakesPage() {
  const { t } = useTranslation();
  return (
    <PageLayout title={t("mistakes.title")}>
      <SignInGate title={t("history.signInFirst")}>
        <Title order={1} tabIndex={-1} mb="md">
          {t("mistakes.title")}
        </Title>
        <LearningLinks />
        <MistakesView />
      </SignInGate>
    </PageLayout>
  );
}
