import { ActionIcon } from "@mantine/core";
import { IconFlag, IconTrash, IconVolume } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { canSpeak, chatParts, speak } from "../../hooks";
import type { ChatLine } from "../../protocol";
import classes from "./ChatMessage.module.css";

interface Props {
  line: ChatLine;
  isMine: boolean;
  /** The line before is by the same person, so the name is not repeated. */
  isContinued: boolean;
  language: string;
  linksAllowed: boolean;
  /** Deletes the line for everybody; only the host and co-hosts have it. */
  onDelete?: (() => void) | undefined;
  /** Reports the author to the moderators, with this line. */
  onReport?: (() => void) | undefined;
}

/** One line of the chat. Addresses are links only if the host allows them. */
export function ChatMessage({
  line,
  isMine,
  isContinued,
  language,
  linksAllowed,
  onDelete,
  onReport,
}: Props) {
  const { t, i18n } = useTranslation();
  const { name, text, at } = line;
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: "short" }).format(new Date(at));
  return (
    <li className={classes.message} data-mine={isMine} data-continued={isContinued}>
      <p className={classes.head}>
        <bdi className={classes.name}>{isMine ? t("chat.you") : name}</bdi>
        <time className={classes.time} dateTime={at}>
          {time}
        </time>
      </p>
      <div className={classes.row}>
        <p className={classes.text} dir="auto" lang={language}>
          {linksAllowed ? <WithLinks text={text} /> : text}
        </p>
        <span className={classes.tools}>
          {canSpeak() && (
            <ActionIcon
              size={32}
              color="gray"
              variant="subtle"
              aria-label={t("chat.listen", { text })}
              onClick={() => speak(text, language)}
            >
              <IconVolume size={18} aria-hidden="true" />
            </ActionIcon>
          )}
          {onReport && (
            <ActionIcon
              size={32}
              color="gray"
              variant="subtle"
              aria-label={t("app.reportLine", { name, text })}
              onClick={onReport}
            >
              <IconFlag size={18} aria-hidden="true" />
            </ActionIcon>
          )}
          {onDelete && (
            <ActionIcon
              size={32}
              color="gray"
              variant="subtle"
              aria-label={t("chat.delete", { name, text })}
              onClick={onDelete}
            >
              <IconTrash size={18} aria-hidden="true" />
            </ActionIcon>
          )}
        </span>
      </div>
    </li>
  );
}

function WithLinks({ text }: { text: string }) {
  return chatParts(text).map(({ text: part, url }, index) =>
    url === null ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line never change
      <a key={index} href={url} target="_blank" rel="noopener noreferrer nofollow ugc">
        {part}
      </a>
    ),
  );
}
