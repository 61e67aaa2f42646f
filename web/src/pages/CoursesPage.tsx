import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SignInGate } from "../components/common/SignInGate";
import { CoursesView } from "../components/courses/CoursesView";
import { PageLayout } from "../components/layout/PageLayout";
import { LearningLinks } from "../components/practice/LearningLinks";

export default function CoursesPage() {
  const { t } = useTranslation();
  return (
    <PageLayout title={t("courses.title")}>
      <SignInGate title={t("courses.signInFirst")}>
        <Title order={1} tabIndex={-1} mb="md">
          {t("courses.title")}
        </Title>
        <LearningLinks />
        <CoursesView />
      </SignInGate>
    </PageLayout>
  );
}
