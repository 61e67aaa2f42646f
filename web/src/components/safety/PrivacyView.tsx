import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { usePrivacyFacts } from "../../hooks";
import { PageLoader } from "../common/PageLoader";
import classes from "./Safety.module.css";

/** The data that this server keeps, and for how long, by its own settings. */
export function PrivacyView() {
  const { t } = useTranslation();
  const { data: facts } = usePrivacyFacts();
  if (!facts) return <PageLoader />;
  const { contact, guestDays, audioDays, reportDays, decisionDays } = facts;
  return (
    <>
      <Title order={1} tabIndex={-1}>
        {t("privacy.title")}
      </Title>
      <p className={classes.lead}>{t("privacy.lead")}</p>
      <div className={classes.facts}>
        <Facts title={t("privacy.never")} items={[t("privacy.voice"), t("privacy.address")]} />
        <Facts
          title={t("privacy.profile")}
          items={[
            t("privacy.profileText"),
            t("privacy.card"),
            t("privacy.guest", { count: guestDays }),
            t("privacy.account"),
          ]}
        />
        <Facts
          title={t("privacy.tutor")}
          items={[
            t("privacy.tutorText"),
            t("privacy.progress"),
            t("privacy.audio", { count: audioDays }),
            t("privacy.engines"),
            t("privacy.documents"),
          ]}
        />
        <Facts
          title={t("privacy.rooms")}
          items={[t("privacy.roomsText"), t("privacy.removed"), t("privacy.people"), t("privacy.met")]}
        />
        <Facts title={t("privacy.notices")} items={[t("privacy.noticesText"), t("privacy.devices")]} />
        <Facts
          title={t("privacy.moderation")}
          items={[
            t("privacy.reports", { days: reportDays }),
            t("privacy.decisions", { days: decisionDays }),
            t("privacy.bans"),
            t("privacy.deletion"),
          ]}
        />
        <Facts title={t("privacy.cookie")} items={[t("privacy.cookieText")]} />
        <Facts title={t("privacy.logs")} items={[t("privacy.logsText")]} />
        <Facts
          title={t("privacy.rights")}
          items={[t("privacy.rightsText"), ...(contact ? [t("privacy.contact", { contact })] : [])]}
        />
      </div>
    </>
  );
}

function Facts({ title, items }: { title: string; items: string[] }) {
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </section>
  );
}
