import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { StatusPage } from "../components/common/StatusPage";
import { PageLayout } from "../components/layout/PageLayout";

export default function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <PageLayout title={t("notFound.page")}>
      <StatusPage title={t("notFound.title")} text={t("notFound.text")}>
        <Button component={Link} to="/rooms">
          {t("notFound.action")}
        </Button>
      </StatusPage>
    </PageLayout>
  );
}
