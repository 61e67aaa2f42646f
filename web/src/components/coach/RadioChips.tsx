import { useId } from "react";
import classes from "../tutor/TopicPicker.module.css";

interface Props<T extends string> {
  legend: string;
  options: readonly T[];
  value: T;
  label(option: T): string;
  onChange(option: T): void;
}

/** One of a few, as a radio group. */
export function RadioChips<T extends string>({ legend, options, value, label, onChange }: Props<T>) {
  const name = useId();
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>{legend}</legend>
      <div className={classes.chips}>
        {options.map((option) => (
          <label key={option} className={classes.chip}>
            <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
            <span>{label(option)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
