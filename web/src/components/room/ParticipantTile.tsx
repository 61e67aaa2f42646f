import {
  IconCrown,
  IconHandStop,
  IconMicrophone,
  IconMicrophoneOff,
  IconPlugConnectedX,
  IconShieldHalf,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type CallHook, raisedHands } from "../../hooks";
import type { Participant } from "../../protocol";
import { LazyFlag } from "../common/LazyFlag";
import { usePersonName } from "../people/usePersonName";
import { Chair } from "./Chair";
import classes from "./ParticipantTile.module.css";
import { PersonMenu } from "./PersonMenu";
import { ReactionMark } from "./ReactionMark";
import { SpeakingAvatar } from "./SpeakingAvatar";

interface Props {
  person: Participant;
  call: CallHook;
  isMe: boolean;
  isHost: boolean;
  isCohost: boolean;
  isDominant: boolean;
}

/** A person in an armchair in the colour of their level; all marks are on the card below, so that no face is covered. */
export function ParticipantTile({ person, call, isMe, isHost, isCohost, isDominant }: Props) {
  const { t } = useTranslation();
  const { isStale } = call;
  const name = usePersonName()(person);
  const hands = raisedHands(call.participants);
  const order = hands.length > 1 ? hands.findIndex(({ id }) => id === person.id) + 1 : null;
  // My own mark changes with the button, without waiting for the server. That of others may have changed unseen.
  const isMuted = isMe ? call.isMuted : person.isMuted && !isStale;
  const isSpeaking = person.isSpeaking && !isMuted && !isStale;
  const connection = isStale ? "unknown" : person.connection;
  const MicrophoneIcon = isMuted ? IconMicrophoneOff : IconMicrophone;
  return (
    <li
      className={classes.tile}
      data-participant={person.id}
      data-kind={person.kind}
      data-speaking={isSpeaking}
      data-muted={isMuted}
      data-dominant={isDominant}
      data-connection={connection}
      data-blocked={person.isBlocked}
    >
      <div className={classes.person}>
        <Chair level={person.learningLevel}>
          <SpeakingAvatar person={person} isSpeaking={isSpeaking} connection={connection} />
        </Chair>
        <div className={classes.card}>
          <span className={classes.name} dir="auto">
            {name}
          </span>
          <span className={classes.marks}>
            {isHost && (
              <IconCrown size={16} className={classes.crown} role="img" aria-label={t("room.host")} />
            )}
            {isCohost && (
              <IconShieldHalf size={16} className={classes.crown} role="img" aria-label={t("room.cohost")} />
            )}
            {person.country && (
              <span className={classes.flag}>
                <LazyFlag country={person.country} />
              </span>
            )}
            <State person={person} isMe={isMe} isSpeaking={isSpeaking} connection={connection} />
            {(isMe || !isStale) && (
              <MicrophoneIcon
                size={17}
                className={isMuted ? classes.muted : classes.open}
                {...(isMuted ? { role: "img", "aria-label": t("room.muted") } : { "aria-hidden": true })}
              />
            )}
          </span>
        </div>
        {person.handRaised && !isStale && <Hand order={order} />}
        <ReactionMark shown={call.reactions[person.id]} />
        {!isMe && <PersonMenu person={person} call={call} />}
      </div>
    </li>
  );
}

/** `order`: the place among the raised hands, if there are several. */
function Hand({ order }: { order: number | null }) {
  const { t } = useTranslation();
  const label = order === null ? t("room.handRaised") : t("room.handRaisedOrder", { order });
  return (
    <span className={classes.hand} role="img" aria-label={label}>
      <IconHandStop size={20} aria-hidden="true" />
      {order !== null && <span className={classes.order}>{order}</span>}
    </span>
  );
}

interface StateProps {
  person: Participant;
  connection: Participant["connection"] | "unknown";
  isMe: boolean;
  isSpeaking: boolean;
}

function State({ person, connection, isMe, isSpeaking }: StateProps) {
  const { t } = useTranslation();
  if (connection === "unknown") {
    return <span>{isMe ? t("room.reconnecting") : t("room.unknownState")}</span>;
  }
  if (connection === "disconnected") {
    return (
      <span className={classes.lost}>
        <IconPlugConnectedX size={16} aria-hidden="true" />
        {t("room.disconnected")}
      </span>
    );
  }
  if (connection === "leaving") return <span>{t("room.leaving")}</span>;
  if (connection === "connecting") return <span>{t("room.connecting")}</span>;
  if (person.kind === "tutor") return <span>{t("room.tutor")}</span>;
  if (isSpeaking) return <span className={classes.speaking}>{t("room.speaking")}</span>;
  return isMe ? <span>({t("room.you")})</span> : null;
}
