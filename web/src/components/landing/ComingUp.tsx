import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useComingUp } from "../../hooks";
import { EventCard } from "../schedule/EventCard";
import classes from "../schedule/Schedule.module.css";

/** The next rooms at a set time, on the landing page. Nothing while none is planned. */
export function ComingUp() {
  const { t } = useTranslation();
  const events = useComingUp();
  if (events.length === 0) return null;
  return (
    <section className={classes.section} aria-labelledby="coming-up">
      <div className={classes.head}>
        <Title order={2} id="coming-up">
          {t("schedule.comingUp")}
        </Title>
        <Link to="/schedule" className={classes.link}>
          {t("schedule.seeAll")}
        </Link>
      </div>
      <ul className={classes.list}>
        {events.map((event) => (
          <EventCard key={event.occurrence.id} event={event} />
        ))}
      </ul>
    </section>
  );
}
