import { UnstyledButton } from "@mantine/core";
import { IconVolume } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { CallHook } from "../../hooks";
import type { Participant } from "../../protocol";
import classes from "./HiddenSpeakers.module.css";

interface Props {
  call: CallHook;
  me: Participant;
  hidden: ReadonlySet<string>;
  /** Shown while nobody speaks out of view. */
  children?: React.ReactNode;
}

/** Names those who speak while their tiles are scrolled out of view. Pressing it scrolls to the first. */
export function HiddenSpeakers({ call, me, hidden, children }: Props) {
  const { t, i18n } = useTranslation();
  const speaking = call.participants.filter(
    ({ id, isSpeaking, isMuted }) => isSpeaking && !isMuted && id !== me.id && hidden.has(id),
  );
  const [first] = speaking;
  if (!first) return children;
  const names = new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(
    speaking.map(({ name }) => name),
  );
  const show = () =>
    document
      .querySelector(`[data-participant="${CSS.escape(first.id)}"]`)
      ?.scrollIntoView({ block: "center" });
  return (
    <UnstyledButton className={classes.speakers} onClick={show}>
      <IconVolume size={18} aria-hidden="true" />
      <span className={classes.names}>{t("room.speakersOutOfView", { names })}</span>
    </UnstyledButton>
  );
}
