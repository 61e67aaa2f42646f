import { Anchor, Title } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { SignInGate } from "../components/common/SignInGate";
import { TutorFace } from "../components/common/TutorFace";
import { PageLayout } from "../components/layout/PageLayout";
import { LearningLinks } from "../components/practice/LearningLinks";
import { PracticeForm } from "../components/practice/PracticeForm";
import { WeekGoalCard } from "../components/practice/WeekGoalCard";
import { useKeptText } from "../components/tutor/Privacy";
import { useSession } from "../hooks";
import classes from "./PracticePage.module.css";

export default function PracticePage() {
  const { t } = useTranslation();
  const { user } = useSession();
  const kept = useKeptText();
  useEffect(() => {
    // The conversation starts at once, so its code should be there. RoomPage tries again if it is not.
    void import("../components/practice/PracticeView").catch(() => {});
  }, []);
  return (
    <PageLayout title={t("practice.page")} width="narrow">
      <SignInGate title={t("practice.signInFirst")}>
        <div className={classes.head}>
          <TutorFace size={64} className={classes.face} />
          <div>
            <Title order={1} tabIndex={-1}>
              {t("practice.title")}
            </Title>
            <p className={classes.lead}>{t("practice.lead")}</p>
          </div>
        </div>
        <LearningLinks />
        <WeekGoalCard key={`week-${user?.id}`} />
        <PracticeForm key={user?.id} level={user?.learningLevel ?? "A2"} />
        <p className={classes.privacy}>
          {t("practice.privacy")} {kept} {t("memory.remembers")}{" "}
          <Anchor component={Link} to="/practice/memory" size="sm" underline="always">
            {t("memory.title")}
          </Anchor>
        </p>
      </SignInGate>
    </PageLayout>
  );
}
