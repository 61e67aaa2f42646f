import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SignInGate } from "../components/common/SignInGate";
import { PageLayout } from "../components/layout/PageLayout";
import { LearningLinks } from "../components/practice/LearningLinks";
import { WeekGoalCard } from "../components/practice/WeekGoalCard";
import { AccuracyChart } from "../components/progress/AccuracyChart";
import { Badges } from "../components/progress/Badges";
import { LastWeek } from "../components/progress/LastWeek";
import classes from "../components/progress/Progress.module.css";
import { StreakCard } from "../components/progress/StreakCard";
import { TimeZoneField } from "../components/progress/TimeZoneField";
import { useSession } from "../hooks";

export default function ProgressPage() {
  const { t } = useTranslation();
  const { user } = useSession();
  return (
    <PageLayout title={t("progress.page")}>
      <SignInGate title={t("progress.signInFirst")}>
        <Title order={1} tabIndex={-1} mb="md">
          {t("progress.title")}
        </Title>
        <LearningLinks />
        <div className={classes.cards}>
          <WeekGoalCard key={`week-${user?.id}`} />
          <StreakCard />
          <LastWeek />
        </div>
        <section className={classes.section} aria-labelledby="badges">
          <h2 id="badges">{t("badges.title")}</h2>
          <Badges />
        </section>
        <AccuracyChart />
        <div className={classes.zone}>
          <TimeZoneField />
        </div>
      </SignInGate>
    </PageLayout>
  );
}
