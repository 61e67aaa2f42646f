import { IconArmchair, IconLock, IconWorld } from "@tabler/icons-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { RoomType } from "../../protocol";
import classes from "./RoomTypePicker.module.css";

const TYPES = [
  { type: "public", Icon: IconWorld },
  { type: "private", Icon: IconLock },
  { type: "ai", Icon: IconArmchair },
] as const;

interface Props {
  value: RoomType;
  onChange(type: RoomType): void;
}

export function RoomTypePicker({ value, onChange }: Props) {
  const { t } = useTranslation();
  const name = useId();
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>{t("create.type")}</legend>
      {TYPES.map(({ type, Icon }) => (
        <label key={type} className={classes.option}>
          <input
            type="radio"
            name={name}
            value={type}
            checked={value === type}
            onChange={() => onChange(type)}
          />
          <Icon size={22} aria-hidden="true" />
          <span>
            <span className={classes.name}>{t(`create.types.${type}.name`)}</span>
            <span className={classes.description}>{t(`create.types.${type}.description`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
