import {
  IconCrown,
  IconHandStop,
  IconMicrophone,
  IconMicrophoneOff,
  IconPlugConnectedX,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { CallHook } from "../../hooks";
import type { Participant } from "../../protocol";
import { Flag } from "../common/Flag";
import { Chair } from "./Chair";
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

/** A person in an armchair in the colour of their level; all marks are on the card below, so that no face is covered. */
export function ParticipantTile({ person, call, isMe, isHost, isDominant }: Props) {
  const { t } = useTranslation();
  // My own mark changes with the button, without waiting for the server.
  const isMuted = isMe ? call.isMuted : person.isMuted;
  const isSpeaking = person.isSpeaking && !isMuted;
  const MicrophoneIcon = isMuted ? IconMicrophoneOff : IconMicrophone;
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
      <div className={classes.person}>
        <Chair level={person.learningLevel}>
          <SpeakingAvatar person={person} isSpeaking={isSpeaking} />
        </Chair>
        <div className={classes.card}>
          <span className={classes.name} dir="auto">
            {person.name}
          </span>
          <span className={classes.marks}>
            {isHost && (
              <IconCrown size={16} className={classes.crown} role="img" aria-label={t("room.host")} />
            )}
            {person.country && (
              <span className={classes.flag}>
                <Flag country={person.country} />
              </span>
            )}
            <State person={person} isMe={isMe} isSpeaking={isSpeaking} />
            <MicrophoneIcon
              size={17}
              className={isMuted ? classes.muted : classes.open}
              {...(isMuted ? { role: "img", "aria-label": t("room.muted") } : { "aria-hidden": true })}
            />
          </span>
        </div>
        {person.handRaised && (
          <span className={classes.hand}>
            <IconHandStop size={20} role="img" aria-label={t("room.handRaised")} />
          </span>
        )}
        {!isMe && <PersonMenu person={person} call={call} />}
      </div>
    </li>
  );
}

function State({ person, isMe, isSpeaking }: { person: Participant; isMe: boolean; isSpeaking: boolean }) {
  const { t } = useTranslation();
  if (person.connection === "disconnected") {
    return (
      <span className={classes.lost}>
        <IconPlugConnectedX size={16} aria-hidden="true" />
        {t("room.disconnected")}
      </span>
    );
  }
  if (person.connection === "connecting") return <span>{t("room.connecting")}</span>;
  if (person.kind === "tutor") return <span>{t("room.tutor")}</span>;
  if (isSpeaking) return <span className={classes.speaking}>{t("room.speaking")}</span>;
  return isMe ? <span>({t("room.you")})</span> : null;
}
