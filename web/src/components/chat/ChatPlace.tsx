import { CloseButton, Drawer } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { loadedLater } from "../../core/lazy-load";
import type { CallHook } from "../../hooks";
import type { Participant, Room } from "../../protocol";
import { LazyPart } from "../common/LazyPart";
import classes from "./ChatPlace.module.css";
import { useSpokenChat } from "./useSpokenChat";

const panel = loadedLater(async () => (await import("./ChatPanel")).ChatPanel);

/** Screens on which people and chat have room beside each other. */
const WIDE = "(min-width: 1000px)";

interface Props {
  call: CallHook;
  room: Room;
  me: Participant;
}

/** The chat: beside the people in a wide window, in a drawer elsewhere. What was typed stays when it closes. */
export function ChatPlace({ call, room, me }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState("");
  const isWide = useMediaQuery(WIDE, undefined, { getInitialValueInEffect: false });
  useSpokenChat(room.language);
  const { setChatOpen } = call;
  const close = useCallback(() => {
    setChatOpen(false);
    document.getElementById("chat-button")?.focus();
  }, [setChatOpen]);
  const contents = <LazyPart load={panel} props={{ call, room, me, draft, onDraft: setDraft }} />;
  if (!isWide) {
    return (
      <Drawer
        opened={call.isChatOpen}
        onClose={close}
        title={t("chat.title")}
        position="right"
        closeButtonProps={{ "aria-label": t("app.close") }}
        classNames={{ content: classes.drawer ?? "", body: classes.body ?? "" }}
      >
        {contents}
      </Drawer>
    );
  }
  if (!call.isChatOpen) return null;
  return (
    <section
      className={classes.side}
      aria-labelledby="chat-title"
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <div className={classes.head}>
        <h2 id="chat-title" className={classes.title}>
          {t("chat.title")}
        </h2>
        <CloseButton size="lg" aria-label={t("chat.close")} onClick={close} />
      </div>
      {contents}
    </section>
  );
}
