import { ActionIcon, TextInput } from "@mantine/core";
import { IconSend2 } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSend } from "../../hooks";

const MAX_LENGTH = 1_000;

interface Props {
  language: string;
  disabled: boolean;
  /** Resolves to whether the words were taken. Left out: they go to the tutor of the room. */
  onSay?(text: string): Promise<boolean>;
}

/** A field to type to the tutor. Words that the server refuses come back into it, unless others were typed since. */
export function TypeField({ language, disabled, onSay }: Props) {
  const { t } = useTranslation();
  const send = useSend();
  const say = onSay ?? ((words: string) => send("say", { text: words }));
  const [text, setText] = useState("");
  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    const words = text.trim();
    if (!words) return;
    setText("");
    if (!(await say(words))) setText((typed) => typed || words);
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
