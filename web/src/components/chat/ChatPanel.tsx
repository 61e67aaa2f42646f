import { Text } from "@mantine/core";
import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type CallHook, useSend } from "../../hooks";
import type { Participant, Room } from "../../protocol";
import { openReport } from "../safety/openReport";
import { ChatField } from "./ChatField";
import { ChatMessage } from "./ChatMessage";
import classes from "./ChatPanel.module.css";

export interface ChatPanelProps {
  call: CallHook;
  room: Room;
  me: Participant;
  draft: string;
  onDraft(change: (typed: string) => string): void;
}

/** Pixels from the end within which new lines scroll the list along. */
const AT_END = 60;

/** The lines of the chat and the field to write. New lines are announced by `Announcer`, so this is no live region. */
export function ChatPanel({ call, room, me, draft, onDraft }: ChatPanelProps) {
  const { t } = useTranslation();
  const send = useSend();
  const list = useRef<HTMLOListElement>(null);
  const isAtEnd = useRef(true);
  const { chat } = call;
  const last = chat.at(-1);

  useLayoutEffect(() => {
    const { current } = list;
    if (current && last && (isAtEnd.current || last.userId === me.userId))
      current.scrollTop = current.scrollHeight;
  }, [last, me.userId]);

  const onScroll = () => {
    const { current } = list;
    if (current) isAtEnd.current = current.scrollHeight - current.scrollTop - current.clientHeight < AT_END;
  };
  const isOff = !room.chatOpen;
  return (
    <div className={classes.panel}>
      {chat.length === 0 ? (
        <Text c="dimmed" className={classes.empty}>
          {isOff ? t("chat.off") : t("chat.empty")}
        </Text>
      ) : (
        <ol
          ref={list}
          className={classes.list}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls has to be reached by the keyboard
          tabIndex={0}
          aria-label={t("chat.messages")}
          onScroll={onScroll}
        >
          {chat.map((line, index) => (
            <ChatMessage
              key={line.id}
              line={line}
              isMine={line.userId === me.userId}
              isContinued={chat[index - 1]?.userId === line.userId}
              language={room.language}
              linksAllowed={room.linksAllowed}
              onReport={
                line.userId === me.userId
                  ? undefined
                  : () =>
                      openReport({
                        userId: line.userId,
                        name: line.name,
                        roomId: room.id,
                        lineId: line.id,
                      })
              }
              onDelete={call.isLeading ? () => void send("delete_chat", { lineId: line.id }) : undefined}
            />
          ))}
        </ol>
      )}
      {isOff && chat.length > 0 && <Text c="dimmed">{t("chat.off")}</Text>}
      <ChatField
        draft={draft}
        onDraft={onDraft}
        language={room.language}
        disabled={isOff || call.phase !== "joined"}
      />
      {room.tutor && <p className={classes.hint}>{t("chat.tutorReadsNothing", { name: room.tutor.name })}</p>}
    </div>
  );
}
