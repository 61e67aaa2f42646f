import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SignInGate } from "../components/common/SignInGate";
import { PageLayout } from "../components/layout/PageLayout";
import { EventForm } from "../components/schedule/EventForm";
import classes from "./FormPage.module.css";

export default function NewEventPage() {
  const { t } = useTranslation();
  return (
    <PageLayout title={t("schedule.plan")}>
      <SignInGate title={t("schedule.plan")}>
        <Title order={1} tabIndex={-1}>
          {t("schedule.plan")}
        </Title>
        <p className={classes.lead}>{t("schedule.planLead")}</p>
        <EventForm />
      </SignInGate>
    </PageLayout>
  );
}
