import { ActionIcon, TextInput } from "@mantine/core";
import { IconSend2 } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSend } from "../../hooks";

const MAX_LENGTH = 1_000;

/** A field to type to the tutor. */
export function TypeField({ language, disabled }: { language: string; disabled: boolean }) {
  const { t } = useTranslation();
  const send = useSend();
  const [text, setText] = useState("");
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const words = text.trim();
    if (!words) return;
    send("say", { text: words });
    setText("");
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        aria-label={t("practice.type")}
        placeholder={t("practice.type")}
        size="md"
        radius="xl"
        autoComplete="off"
        maxLength={MAX_LENGTH}
        lang={language}
        disabled={disabled}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        rightSectionWidth={48}
        rightSection={
          <ActionIcon type="submit" size={38} aria-label={t("practice.send")} disabled={disabled}>
            <IconSend2 size={20} aria-hidden="true" />
          </ActionIcon>
        }
      />
    </form>
  );
}
