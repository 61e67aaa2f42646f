import { Button, Title } from "@mantine/core";
import { IconDoorEnter, IconLock, IconUserPlus, IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { CallHook } from "../../hooks";
import type { Room } from "../../protocol";
import { LevelBadge } from "../common/LevelBadge";
import { useAutoFocus } from "../common/useAutoFocus";
import { QualityIndicator } from "./QualityIndicator";
import { RaisedHands } from "./RaisedHands";
import classes from "./RoomHeader.module.css";
import { RoomMenu } from "./RoomMenu";

interface Props {
  call: CallHook;
  room: Room;
  onInvite(): void;
}

export function RoomHeader({ call, room, onInvite }: Props) {
  const { t } = useTranslation();
  const heading = useAutoFocus<HTMLHeadingElement>();
  return (
    <header className={classes.header}>
      <div className={classes.about}>
        <Title ref={heading} order={1} tabIndex={-1} className={classes.name} dir="auto">
          {room.name}
        </Title>
        <div className={classes.meta}>
          <LevelBadge level={room.level} />
          <span className={classes.count}>
            <IconUsers size={17} aria-hidden="true" />
            {t("room.count", { count: room.participantCount, max: room.maxParticipants })}
          </span>
          {room.isLocked && (
            <IconLock size={18} className={classes.lock} role="img" aria-label={t("room.locked")} />
          )}
          {room.knockToEnter && (
            <IconDoorEnter size={18} className={classes.lock} role="img" aria-label={t("room.knockOn")} />
          )}
          {room.topic && (
            <span className={classes.topic} dir="auto">
              {room.topic}
            </span>
          )}
        </div>
      </div>
      <div className={classes.tools}>
        {call.isLeading && <RaisedHands call={call} />}
        <QualityIndicator />
        <Button
          variant="light"
          className={classes.invite}
          onClick={onInvite}
          aria-label={t("room.invite")}
          leftSection={<IconUserPlus size={20} aria-hidden="true" />}
        >
          <span className={classes.inviteText}>{t("room.invite")}</span>
        </Button>
        {call.isLeading && <RoomMenu call={call} room={room} />}
      </div>
    </header>
  );
}
