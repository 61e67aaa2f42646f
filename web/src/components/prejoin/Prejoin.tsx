import { Alert, Anchor } from "@mantine/core";
import { IconArrowLeft, IconHeadphones } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { RoomPreview } from "../../protocol";
import { PrivacySummary } from "../tutor/Privacy";
import { ClosedDoor } from "./ClosedDoor";
import { JoinPanel } from "./JoinPanel";
import { ParticipantPreview } from "./ParticipantPreview";
import classes from "./Prejoin.module.css";
import { RoomSummary } from "./RoomSummary";
import { canAsk, useDoor } from "./useDoor";
import { useOpening } from "./useOpening";

interface Props {
  room: RoomPreview;
  onJoin(): void;
}

/** Before joining: the room, the people in it, and a check of the microphone for those who want one. */
export function Prejoin({ room, onJoin }: Props) {
  const { t } = useTranslation();
  const asks = room.admission === "knock";
  const { isWaiting, setWaiting, hasOpened } = useDoor(room);
  const time = useOpening(room.event);
  return (
    <div className={classes.prejoin}>
      {hasOpened && <title>{t("prejoin.openedPage", { room: room.name })}</title>}
      <Anchor component={Link} to="/rooms" className={classes.back}>
        <IconArrowLeft size={18} aria-hidden="true" />
        {t("prejoin.back")}
      </Anchor>
      <div className={classes.columns}>
        <section className={classes.about}>
          <RoomSummary room={room} />
          {room.tutor && <PrivacySummary tutor={room.tutor} className={classes.privacy} />}
        </section>
        <section className={classes.panel} aria-labelledby="prejoin-panel">
          {canAsk(room.admission) ? (
            <>
              {asks && (
                <Alert color="brass">
                  {time ? t("prejoin.opensHint", { time }) : t("prejoin.knockHint")}
                </Alert>
              )}
              <JoinPanel headingId="prejoin-panel" asks={asks} onJoin={onJoin} />
              <p className={classes.tip}>
                <IconHeadphones size={18} aria-hidden="true" />
                {t("prejoin.headphones")}
              </p>
            </>
          ) : (
            <ClosedDoor room={room} headingId="prejoin-panel" isWaiting={isWaiting} onWait={setWaiting} />
          )}
        </section>
        <div className={classes.people}>
          <ParticipantPreview room={room} />
        </div>
      </div>
    </div>
  );
}
