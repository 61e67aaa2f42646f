import { useTranslation } from "react-i18next";
import { CoachView } from "../components/coach/CoachView";
import { SignInGate } from "../components/common/SignInGate";
import { PageLayout } from "../components/layout/PageLayout";
import { useSession } from "../hooks";

export default function CoachPage() {
  const { t } = useTranslation();
  const { user } = useSession();
  return (
    <PageLayout title={t("coach.title")} width="narrow">
      <SignInGate title={t("coach.signInFirst")}>
        <CoachView key={user?.id} />
      </SignInGate>
    </PageLayout>
  );
}
