import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Level } from "../../protocol";
import classes from "./LevelPicker.module.css";
import { LEVELS } from "./levels";

interface Props {
  label: string;
  value: Level | null;
  onChange(level: Level): void;
  error?: React.ReactNode;
}

/** The six levels as cards; a radio group for the keyboard and screen readers. */
export function LevelPicker({ label, value, onChange, error }: Props) {
  const { t } = useTranslation();
  const name = useId();
  const errorId = useId();
  return (
    <fieldset
      className={classes.group}
      data-invalid={Boolean(error)}
      aria-describedby={error ? errorId : undefined}
    >
      <legend className={classes.legend}>{label}</legend>
      <div className={classes.cards}>
        {LEVELS.map((level) => (
          <label key={level} className={classes.card} data-level={level}>
            <input
              type="radio"
              className={classes.input}
              name={name}
              value={level}
              checked={value === level}
              onChange={() => onChange(level)}
            />
            <span className={classes.code}>{level}</span>
            <span className={classes.name}>{t(`levels.${level}.name`)}</span>
            <span className={classes.description}>{t(`levels.${level}.description`)}</span>
          </label>
        ))}
      </div>
      {error && (
        <p id={errorId} className={classes.error}>
          {error}
        </p>
      )}
    </fieldset>
  );
}
