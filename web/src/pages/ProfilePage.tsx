import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SignInGate } from "../components/common/SignInGate";
import { PageLayout } from "../components/layout/PageLayout";
import { ProfileView } from "../components/profile/ProfileView";
import classes from "./FormPage.module.css";

export default function ProfilePage() {
  const { t } = useTranslation();
  return (
    <PageLayout title={t("profile.page")} width="narrow">
      <SignInGate title={t("profile.signInFirst")}>
        <Title order={1} tabIndex={-1}>
          {t("profile.title")}
        </Title>
        <p className={classes.lead}>{t("profile.lead")}</p>
        <ProfileView />
      </SignInGate>
    </PageLayout>
  );
}
