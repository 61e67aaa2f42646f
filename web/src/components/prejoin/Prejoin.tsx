import { Alert, Anchor, Title } from "@mantine/core";
import { IconArrowLeft, IconHeadphones } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSession } from "../../hooks";
import type { Room } from "../../protocol";
import { GuestForm } from "../landing/GuestForm";
import { PrivacySummary } from "../tutor/Privacy";
import { JoinPanel } from "./JoinPanel";
import { ParticipantPreview } from "./ParticipantPreview";
import classes from "./Prejoin.module.css";
import { RoomSummary } from "./RoomSummary";

interface Props {
  room: Room;
  onJoin(): void;
}

/** Before joining: the room, the people in it, and a check of the microphone for those who want one. */
export function Prejoin({ room, onJoin }: Props) {
  const { t } = useTranslation();
  const { user } = useSession();
  const isFull = room.participantCount >= room.maxParticipants;
  return (
    <div className={classes.prejoin}>
      <Anchor component={Link} to="/rooms" className={classes.back}>
        <IconArrowLeft size={18} aria-hidden="true" />
        {t("prejoin.back")}
      </Anchor>
      <div className={classes.columns}>
        <section className={classes.about}>
          <RoomSummary room={room} />
          {room.tutor && <PrivacySummary tutor={room.tutor} className={classes.privacy} />}
          <ParticipantPreview room={room} />
        </section>
        <section className={classes.panel} aria-labelledby="prejoin-panel">
          {isFull && <Alert color="brass">{t("prejoin.fullHint")}</Alert>}
          {room.isLocked && <Alert color="brass">{t("prejoin.lockedHint")}</Alert>}
          {user ? (
            <JoinPanel headingId="prejoin-panel" onJoin={onJoin} />
          ) : (
            <>
              <Title order={2} id="prejoin-panel" className={classes.heading}>
                {t("prejoin.yourName")}
              </Title>
              <GuestForm />
            </>
          )}
          <p className={classes.tip}>
            <IconHeadphones size={18} aria-hidden="true" />
            {t("prejoin.headphones")}
          </p>
        </section>
      </div>
    </div>
  );
}
