import { useTranslation } from "react-i18next";
import type { Level } from "../../protocol";
import { LEVELS } from "../common/levels";
import classes from "./LevelChips.module.css";

interface Props {
  chosen: Level[];
  onToggle(level: Level): void;
}

export function LevelChips({ chosen, onToggle }: Props) {
  const { t } = useTranslation();
  return (
    <fieldset className={classes.chips} aria-label={t("rooms.levelFilter")}>
      {LEVELS.map((level) => (
        <button
          key={level}
          type="button"
          className={classes.chip}
          data-level={level}
          aria-pressed={chosen.includes(level)}
          onClick={() => onToggle(level)}
        >
          <b>{level}</b> <span>{t(`levels.${level}.name`)}</span>
        </button>
      ))}
    </fieldset>
  );
}
