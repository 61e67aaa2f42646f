import { useTranslation } from "react-i18next";
import { useStanding } from "../../hooks";
import { PageLoader } from "../common/PageLoader";
import { SignInGate } from "../common/SignInGate";
import { StatusPage } from "../common/StatusPage";

/** Its children for moderators. The server refuses everybody else anyway. */
export function ModeratorGate({ children }: { children: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <SignInGate title={t("moderation.notAllowed")}>
      <Checked>{children}</Checked>
    </SignInGate>
  );
}

function Checked({ children }: { children: React.ReactNode }) {
  const { t } = useTranslation();
  const standing = useStanding();
  if (!standing) return <PageLoader />;
  if (!standing.isModerator) return <StatusPage title={t("moderation.notAllowed")} autoFocus />;
  return children;
}
