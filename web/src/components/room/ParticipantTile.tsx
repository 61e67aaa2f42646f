import { IconCrown, IconHandStop, IconMicrophoneOff, IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { CallHook } from "../../hooks";
import type { Participant } from "../../protocol";
import { Flag } from "../common/Flag";
import classes from "./ParticipantTile.module.css";
import { PersonMenu } from "./PersonMenu";
import { SpeakingAvatar } from "./SpeakingAvatar";

interface Props {
  person: Participant;
  call: CallHook;
  isMe: boolean;
  isHost: boolean;
  isDominant: boolean;
}

export function ParticipantTile({ person, call, isMe, isHost, isDominant }: Props) {
  const { t } = useTranslation();
  // My own mark changes with the button, without waiting for the server.
  const isMuted = isMe ? call.isMuted : person.isMuted;
  const isSpeaking = person.isSpeaking && !isMuted;
  return (
    <li
      className={classes.tile}
      data-participant={person.id}
      data-kind={person.kind}
      data-speaking={isSpeaking}
      data-muted={isMuted}
      data-dominant={isDominant}
      data-connection={person.connection}
    >
      {person.handRaised && (
        <span className={classes.hand}>
          <IconHandStop size={20} role="img" aria-label={t("room.handRaised")} />
        </span>
      )}
      {!isMe && <PersonMenu person={person} call={call} />}
      <SpeakingAvatar person={person} isSpeaking={isSpeaking}>
        {person.country && (
          <span className={classes.flag}>
            <Flag country={person.country} />
          </span>
        )}
        {isMuted && (
          <span className={classes.muted}>
            <IconMicrophoneOff size={18} role="img" aria-label={t("room.muted")} />
          </span>
        )}
      </SpeakingAvatar>
      <div className={classes.line}>
        {isHost && <IconCrown size={18} className={classes.crown} role="img" aria-label={t("room.host")} />}
        <span className={classes.name}>{person.name}</span>
        {isMe && <span className={classes.you}>({t("room.you")})</span>}
      </div>
      <div className={classes.state}>
        {person.connection === "disconnected" ? (
          <span className={classes.lost}>
            <IconPlugConnectedX size={16} aria-hidden="true" />
            {t("room.disconnected")}
          </span>
        ) : person.connection === "connecting" ? (
          t("room.connecting")
        ) : person.kind === "tutor" ? (
          t("room.tutor")
        ) : isSpeaking ? (
          <span className={classes.speaking}>{t("room.speaking")}</span>
        ) : (
          person.learningLevel
        )}
      </div>
    </li>
  );
}
