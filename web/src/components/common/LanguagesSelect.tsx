import { MultiSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNames } from "../../i18n/names";

const MAX_LANGUAGES = 8;

interface Props {
  label: string;
  value?: string[];
  onChange?(value: string[]): void;
  placeholder?: string;
  error?: React.ReactNode;
}

/** Several languages, in the order in which they were chosen. */
export function LanguagesSelect({ label, value = [], onChange, placeholder, error }: Props) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <MultiSelect
      label={label}
      data={names.languageOptions()}
      value={value}
      onChange={onChange}
      placeholder={value.length === 0 ? placeholder : undefined}
      maxValues={MAX_LANGUAGES}
      searchable
      hidePickedOptions
      nothingFoundMessage={t("guest.noMatch")}
      error={error}
    />
  );
}
