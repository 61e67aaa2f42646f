import { Button, Group, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

/** As in the protocol's SpokenText. */
const MAX_LENGTH = 1_000;

interface Props {
  text: string;
  language: string;
  onSave(text: string): void;
  onClose(): void;
}

/** Corrects what was heard of one's own words. Escape leaves them as they are. */
export function MendWords({ text, language, onSave, onClose }: Props) {
  const { t } = useTranslation();
  const [words, setWords] = useState(text);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const mended = words.trim();
    if (mended && mended !== text) onSave(mended);
    onClose();
  };
  return (
    <form onSubmit={submit} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <TextInput
        aria-label={t("tutor.mendLabel")}
        autoFocus
        autoComplete="off"
        maxLength={MAX_LENGTH}
        lang={language}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <Group gap={8} mt={8} justify="flex-end">
        <Button variant="subtle" onClick={onClose}>
          {t("tutor.mendCancel")}
        </Button>
        <Button type="submit">{t("tutor.mendSave")}</Button>
      </Group>
    </form>
  );
}
