import { useTranslation } from "react-i18next";
import type { Level } from "../../protocol";
import classes from "./LevelBadge.module.css";

interface Props {
  level: Level;
  /** Shows the level's name beside its code. */
  withName?: boolean;
}

export function LevelBadge({ level, withName = false }: Props) {
  const { t } = useTranslation();
  const name = t(`levels.${level}.name`);
  return (
    <span className={classes.badge} data-level={level} title={withName ? undefined : name}>
      <span className={classes.code}>{level}</span>
      {withName && <span>{name}</span>}
    </span>
  );
}
