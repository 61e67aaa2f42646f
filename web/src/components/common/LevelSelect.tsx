import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Level } from "../../protocol";
import { LEVELS } from "./levels";

interface Props {
  label: string;
  value?: Level | null;
  onChange?(value: Level | null): void;
  placeholder?: string;
}

export function LevelSelect({ label, value, onChange, placeholder }: Props) {
  const { t } = useTranslation();
  return (
    <Select
      label={label}
      data={LEVELS.map((level) => ({ value: level, label: `${level} · ${t(`levels.${level}.name`)}` }))}
      value={value}
      onChange={(next) => onChange?.(LEVELS.find((level) => level === next) ?? null)}
      placeholder={placeholder}
      clearable
      clearButtonProps={{ "aria-label": t("guest.clear") }}
    />
  );
}
