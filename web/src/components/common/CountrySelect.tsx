import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNames } from "../../i18n/names";
import { COUNTRIES, Flag } from "./Flag";

interface Props {
  label: string;
  value?: string | null;
  onChange?(value: string | null): void;
  placeholder?: string;
}

export function CountrySelect({ label, value, onChange, placeholder }: Props) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <Select
      label={label}
      data={names.countryOptions(COUNTRIES)}
      value={value}
      onChange={onChange}
      placeholder={placeholder}
      clearable
      clearButtonProps={{ "aria-label": t("guest.clear") }}
      searchable
      nothingFoundMessage={t("guest.noMatch")}
      leftSection={value ? <Flag country={value} decorative /> : undefined}
      renderOption={({ option }) => (
        <span style={{ display: "flex", alignItems: "center", gap: 10 }}>
          <Flag country={option.value} decorative />
          {option.label}
        </span>
      )}
    />
  );
}
