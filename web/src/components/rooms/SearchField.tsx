import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  value: string;
  onChange(search: string): void;
  className?: string;
}

const PAUSE_MS = 250;
const MAX_LENGTH = 100;

/** Reports the text when typing pauses. */
export function SearchField({ value, onChange, className }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const search = useDebouncedCallback(onChange, PAUSE_MS);
  useEffect(() => setText(value), [value]);
  const type = (next: string) => {
    setText(next);
    search(next);
  };
  return (
    <TextInput
      type="search"
      className={className}
      label={t("rooms.search")}
      placeholder={t("rooms.searchPlaceholder")}
      maxLength={MAX_LENGTH}
      leftSection={<IconSearch size={18} aria-hidden="true" />}
      rightSection={text && <CloseButton aria-label={t("rooms.clearSearch")} onClick={() => type("")} />}
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
    />
  );
}
