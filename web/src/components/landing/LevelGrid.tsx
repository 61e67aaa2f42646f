import { IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { LEVELS } from "../common/LevelPicker";
import classes from "./LevelGrid.module.css";

export function LevelGrid() {
  const { t } = useTranslation();
  return (
    <ul className={classes.grid}>
      {LEVELS.map((level) => (
        <li key={level} data-level={level}>
          <Link to={`/rooms?level=${level}`} className={classes.card}>
            <span className={classes.code}>{level}</span>
            <span className={classes.words}>
              <span className={classes.name}>{t(`levels.${level}.name`)}</span>
              <span className={classes.description}>{t(`levels.${level}.description`)}</span>
            </span>
            <IconArrowRight className={classes.arrow} size={20} aria-hidden="true" />
          </Link>
        </li>
      ))}
    </ul>
  );
}
