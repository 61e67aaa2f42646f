import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SignInGate } from "../components/common/SignInGate";
import { CreateRoomForm } from "../components/create/CreateRoomForm";
import { PageLayout } from "../components/layout/PageLayout";
import classes from "./FormPage.module.css";

export default function CreateRoomPage() {
  const { t } = useTranslation();
  return (
    <PageLayout title={t("create.page")}>
      <SignInGate title={t("create.signInFirst")}>
        <Title order={1} tabIndex={-1}>
          {t("create.title")}
        </Title>
        <p className={classes.lead}>{t("create.lead")}</p>
        <CreateRoomForm />
      </SignInGate>
    </PageLayout>
  );
}
