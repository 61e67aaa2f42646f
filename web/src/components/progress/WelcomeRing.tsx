import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useStreak, useWeekGoal } from "../../hooks";
import { GoalRing } from "./GoalRing";
import classes from "./GoalRing.module.css";

/**
 * For somebody who comes back: how far they are this week, and their days in a row, as a link to their progress. Nothing
 * for people who have not practised yet. `isSmall`: without words for those who see it.
 */
export default function WelcomeRing({ isSmall = false }: { isSmall?: boolean }) {
  const { t, i18n } = useTranslation();
  const { data: week } = useWeekGoal();
  const { data: streak } = useStreak();
  if (!week || !streak || streak.best === 0) return null;
  const { kind, target } = week;
  const done = kind === "minutes" ? Math.floor(week.minutes) : week.days;
  const share = kind && target ? done / target : week.days / 7;
  const what =
    kind && target
      ? t(`ring.goal.${kind}`, { done: done.toLocaleString(i18n.language), target })
      : t("ring.days", { count: week.days });
  return (
    <Link to="/progress" className={classes.welcome} data-small={isSmall} {...(isSmall && { title: what })}>
      <GoalRing share={share} size={isSmall ? 44 : 56}>
        {done}
      </GoalRing>
      <span className={classes.texts}>
        <span className={classes.first}>{what}</span>
        <span className={classes.second}>
          {streak.length > 1 ? t("ring.streak", { count: streak.length }) : t("ring.see")}
        </span>
      </span>
    </Link>
  );
}
