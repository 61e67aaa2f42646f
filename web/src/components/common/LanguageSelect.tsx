import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNames } from "../../i18n/names";

interface Props {
  label: string;
  value?: string | null;
  onChange?(value: string | null): void;
  placeholder?: string;
  clearable?: boolean;
  error?: React.ReactNode;
  className?: string;
}

export function LanguageSelect({
  label,
  value,
  onChange,
  placeholder,
  clearable = false,
  error,
  className,
}: Props) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <Select
      className={className}
      label={label}
      data={names.languageOptions()}
      value={value}
      onChange={onChange}
      placeholder={placeholder}
      clearable={clearable}
      clearButtonProps={{ "aria-label": t("guest.clear") }}
      searchable
      allowDeselect={false}
      nothingFoundMessage={t("guest.noMatch")}
      error={error}
    />
  );
}
