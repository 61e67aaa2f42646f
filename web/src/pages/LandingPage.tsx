import { Anchor, Button, Title } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { ComingUpLater } from "../components/landing/ComingUpLater";
import { GuestForm } from "../components/landing/GuestForm";
import { ParlorScene } from "../components/landing/ParlorScene";
import { HowItWorks, LevelGrid, LiveCount, PracticeInvite } from "../components/landing/sections";
import { PageLayout } from "../components/layout/PageLayout";
import { WelcomeRingLater } from "../components/progress/WelcomeRingLater";
import { useSession } from "../hooks";
import classes from "./LandingPage.module.css";

export default function LandingPage() {
  const { t } = useTranslation();
  const { user } = useSession();
  const navigate = useNavigate();
  return (
    <PageLayout title={t("landing.page")}>
      <section className={classes.hero}>
        <div className={classes.words}>
          <LiveCount />
          <Title order={1} className={classes.title} tabIndex={-1}>
            {t("landing.title")}
          </Title>
          <p className={classes.lead}>{t("landing.lead")}</p>
          <div className={classes.start}>
            {user ? (
              <>
                <p className={classes.welcome} dir="auto">
                  {t("landing.welcomeBack", { name: user.name })}
                </p>
                <Button
                  component={Link}
                  to="/rooms"
                  size="lg"
                  rightSection={<IconArrowRight size={20} aria-hidden="true" />}
                >
                  {t("landing.enter")}
                </Button>
                <WelcomeRingLater />
              </>
            ) : (
              <>
                <GuestForm onSignedIn={() => void navigate("/rooms")} />
                <Anchor component={Link} to="/rooms" className={classes.look}>
                  {t("landing.look")}
                </Anchor>
              </>
            )}
          </div>
        </div>
        <ParlorScene />
      </section>
      <section className={classes.section}>
        <Title order={2}>{t("landing.levelsTitle")}</Title>
        <p className={classes.sub}>{t("landing.levelsLead")}</p>
        <LevelGrid />
      </section>
      <ComingUpLater />
      <section className={classes.section}>
        <PracticeInvite />
      </section>
      <section className={classes.section}>
        <Title order={2} className={classes.howTitle}>
          {t("landing.howTitle")}
        </Title>
        <HowItWorks />
      </section>
    </PageLayout>
  );
}
