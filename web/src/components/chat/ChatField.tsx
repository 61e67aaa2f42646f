import { ActionIcon, Textarea } from "@mantine/core";
import { IconSend2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useSend } from "../../hooks";
import { useAutoFocus } from "../common/useAutoFocus";
import classes from "./ChatField.module.css";

const MAX_LENGTH = 500;
/** From here on the field says how much is left. */
const NEARLY_FULL = 440;

interface Props {
  draft: string;
  onDraft(change: (typed: string) => string): void;
  language: string;
  disabled: boolean;
}

/** Enter sends, with Shift it begins a new line. Words that the server refuses come back, unless others were typed. */
export function ChatField({ draft, onDraft, language, disabled }: Props) {
  const { t } = useTranslation();
  const send = useSend();
  const field = useAutoFocus<HTMLTextAreaElement>();
  const submit = async () => {
    const text = draft.trim();
    if (!text || disabled) return;
    onDraft(() => "");
    if (!(await send("send_chat", { text }))) onDraft((typed) => typed || text);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    // An input method uses Enter to choose a word.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void submit();
  };
  const isNearlyFull = draft.length >= NEARLY_FULL;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Textarea
        ref={field}
        aria-label={t("chat.write")}
        placeholder={t("chat.write")}
        description={isNearlyFull ? t("chat.left", { count: MAX_LENGTH - draft.length }) : undefined}
        inputWrapperOrder={["input", "description"]}
        className={classes.field}
        size="md"
        autosize
        maxRows={4}
        maxLength={MAX_LENGTH}
        lang={language}
        enterKeyHint="send"
        autoComplete="off"
        disabled={disabled}
        value={draft}
        onChange={(event) => {
          const { value } = event.currentTarget;
          onDraft(() => value);
        }}
        onKeyDown={onKeyDown}
      />
      <ActionIcon type="submit" size={44} radius="xl" aria-label={t("chat.send")} disabled={disabled}>
        <IconSend2 size={22} aria-hidden="true" />
      </ActionIcon>
    </form>
  );
}
