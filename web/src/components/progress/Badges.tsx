import { useTranslation } from "react-i18next";
import { useAchievements } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { Achievement } from "../../protocol";
import { FormError } from "../common/form-errors";
import { PageLoader } from "../common/PageLoader";
import { BadgePicture } from "./BadgePicture";
import classes from "./Badges.module.css";

/** All achievements: those that are earned first, the latest of them at the top. */
export function Badges() {
  const { t } = useTranslation();
  const { data, error } = useAchievements();
  if (error) return <FormError>{errorText(t, error)}</FormError>;
  if (!data) return <PageLoader />;
  return (
    <ul className={classes.list}>
      {inOrder(data.items).map((one) => (
        <Badge key={one.name} achievement={one} />
      ))}
    </ul>
  );
}

/** Badges that are not earned keep the order of the server's table. */
export function inOrder(items: Achievement[]): Achievement[] {
  const earned = items.filter(({ at }) => at !== null);
  earned.sort((one, other) => (other.at ?? "").localeCompare(one.at ?? ""));
  return [...earned, ...items.filter(({ at }) => at === null)];
}

function Badge({ achievement }: { achievement: Achievement }) {
  const { t, i18n } = useTranslation();
  const { name, done, goal, at } = achievement;
  const day = at && new Date(at).toLocaleDateString(i18n.language, { dateStyle: "medium" });
  return (
    <li className={classes.badge}>
      <BadgePicture name={name} isEarned={at !== null} />
      <span className={classes.name}>{t(`badges.names.${name}`)}</span>
      <span className={classes.what}>{t(`badges.what.${name}`)}</span>
      <span className={classes.state}>
        {day
          ? t("badges.earned", { day })
          : goal > 1
            ? t("badges.progress", { done, goal })
            : t("badges.open")}
      </span>
      {!day && goal > 1 && (
        <span className={classes.bar} aria-hidden="true">
          <span style={{ width: `${(done / goal) * 100}%` }} />
        </span>
      )}
    </li>
  );
}
