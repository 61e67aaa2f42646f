import { useTranslation } from "react-i18next";
import { SignInGate } from "../components/common/SignInGate";
import { PageLayout } from "../components/layout/PageLayout";
import { Talk } from "../components/talk/Talk";
import { useSession } from "../hooks";

export default function TalkPage() {
  const { t } = useTranslation();
  const { user } = useSession();
  if (user) return <Talk key={user.id} />;
  return (
    <PageLayout title={t("talk.page")} width="narrow">
      <SignInGate title={t("practice.signInFirst")}>{null}</SignInGate>
    </PageLayout>
  );
}
