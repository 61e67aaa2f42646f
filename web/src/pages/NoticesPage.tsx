import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SignInGate } from "../components/common/SignInGate";
import { PageLayout } from "../components/layout/PageLayout";
import { NoticeList } from "../components/notices/NoticeList";
import { NoticeSettings } from "../components/notices/NoticeSettings";

export default function NoticesPage() {
  const { t } = useTranslation();
  return (
    <PageLayout title={t("notices.title")} width="narrow">
      <SignInGate title={t("notices.title")}>
        <Title order={1} tabIndex={-1}>
          {t("notices.title")}
        </Title>
        <NoticeList />
        <NoticeSettings />
      </SignInGate>
    </PageLayout>
  );
}
