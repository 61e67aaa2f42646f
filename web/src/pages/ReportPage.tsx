import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { PageLayout } from "../components/layout/PageLayout";
import { ModeratorGate } from "../components/moderation/ModeratorGate";
import { ReportView } from "../components/moderation/ReportView";

export default function ReportPage() {
  const { t } = useTranslation();
  const { reportId = "" } = useParams();
  return (
    <PageLayout title={t("moderation.page")}>
      <ModeratorGate>
        <ReportView id={reportId} />
      </ModeratorGate>
    </PageLayout>
  );
}
