import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { PageLayout } from "../components/layout/PageLayout";
import { ScheduleView } from "../components/schedule/ScheduleView";
import classes from "./FormPage.module.css";

export default function SchedulePage() {
  const { t } = useTranslation();
  return (
    <PageLayout title={t("schedule.page")}>
      <Title order={1} tabIndex={-1}>
        {t("schedule.title")}
      </Title>
      <p className={classes.lead}>{t("schedule.lead")}</p>
      <ScheduleView />
    </PageLayout>
  );
}
