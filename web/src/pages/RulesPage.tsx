import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { PageLayout } from "../components/layout/PageLayout";
import { RulesText } from "../components/safety/RulesText";
import classes from "../components/safety/Safety.module.css";

export default function RulesPage() {
  const { t } = useTranslation();
  return (
    <PageLayout title={t("safety.rulesTitle")} width="narrow">
      <div className={`${classes.card} ${classes.stack}`}>
        <Title order={1} tabIndex={-1}>
          {t("safety.rulesTitle")}
        </Title>
        <RulesText />
      </div>
    </PageLayout>
  );
}
