import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { SignInGate } from "../components/common/SignInGate";
import { ConversationView } from "../components/history/ConversationView";
import { PageLayout } from "../components/layout/PageLayout";

export default function ConversationPage() {
  const { t } = useTranslation();
  const { conversationId = "" } = useParams();
  return (
    <PageLayout title={t("history.onePage")}>
      <SignInGate title={t("history.signInFirst")}>
        <ConversationView id={conversationId} />
      </SignInGate>
    </PageLayout>
  );
}
