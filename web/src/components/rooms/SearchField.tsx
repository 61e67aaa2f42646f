import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback, useWindowEvent } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  value: string;
  onChange(search: string): void;
  className?: string;
}

const PAUSE_MS = 250;
const MAX_LENGTH = 100;

/** Reports the text when typing pauses, or before a click elsewhere takes effect. */
export function SearchField({ value, onChange, className }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const search = useDebouncedCallback(onChange, PAUSE_MS);
  // The text goes into the address. Reported after a click on a link, it would end the navigation to that link's page.
  // The button that clears the text is part of the field: it takes the place of what was typed.
  const field = useRef<HTMLDivElement>(null);
  const flushOutside = ({ target }: MouseEvent) => {
    if (!field.current?.contains(target as Node)) search.flush();
  };
  useWindowEvent("click", flushOutside, { capture: true });
  useEffect(() => setText(value), [value]);
  const type = (next: string) => {
    setText(next);
    search(next);
  };
  return (
    <TextInput
      type="search"
      wrapperProps={{ ref: field }}
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
