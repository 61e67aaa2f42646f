import { useTranslation } from "react-i18next";
import { PageLayout } from "../components/layout/PageLayout";
import { PrivacyView } from "../components/safety/PrivacyView";

export default function PrivacyPage() {
  const { t } = useTranslation();
  return (
    <PageLayout title={t("privacy.page")} width="narrow">
      <PrivacyView />
    </PageLayout>
  );
}
