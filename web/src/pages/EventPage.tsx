import { useTranslation } from "react-i18next";
import { useParams, useSearchParams } from "react-router";
import { PageLoader } from "../components/common/PageLoader";
import { StatusPage } from "../components/common/StatusPage";
import { PageLayout } from "../components/layout/PageLayout";
import { EventDetails } from "../components/schedule/EventDetails";
import { useEvent } from "../hooks";
import { errorText } from "../i18n/error-text";

export default function EventPage() {
  const { t } = useTranslation();
  const { eventId = "" } = useParams();
  const [params] = useSearchParams();
  const invite = params.get("invite") ?? undefined;
  const { data, error } = useEvent(eventId, invite);
  return (
    <PageLayout title={data?.name ?? t("schedule.page")}>
      {data ? (
        <EventDetails event={data} invite={invite} />
      ) : error ? (
        <StatusPage title={t("schedule.page")} text={errorText(t, error)} />
      ) : (
        <PageLoader />
      )}
    </PageLayout>
  );
}
