import { Title } from "@mantine/core";
import { IconDoorEnter, IconLock, IconWorld } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNames } from "../../i18n/names";
import type { Room } from "../../protocol";
import { LevelBadge } from "../common/LevelBadge";
import { TutorFace } from "../common/TutorFace";
import classes from "./RoomSummary.module.css";

export function RoomSummary({ room }: { room: Room }) {
  const { t } = useTranslation();
  const names = useNames();
  const host = room.participants.find((person) => person.userId === room.hostId);
  return (
    <div>
      <div className={classes.meta}>
        <LevelBadge level={room.level} withName />
        <span className={classes.language}>
          <IconWorld size={17} aria-hidden="true" />
          {names.language(room.language)}
        </span>
        {room.type === "private" && (
          <span className={classes.language}>
            <IconLock size={17} aria-hidden="true" />
            {t("create.types.private.name")}
          </span>
        )}
        {room.knockToEnter && (
          <span className={classes.language}>
            <IconDoorEnter size={17} aria-hidden="true" />
            {t("rooms.card.knock")}
          </span>
        )}
        {room.tutor && (
          <span className={classes.language}>
            <TutorFace size={20} />
            {t("prejoin.tutor", { name: room.tutor.name })}
          </span>
        )}
      </div>
      <Title order={1} className={classes.title} tabIndex={-1} dir="auto">
        {room.name}
      </Title>
      {room.topic && (
        <p className={classes.topic} dir="auto">
          {room.topic}
        </p>
      )}
      {host && <p className={classes.host}>{t("prejoin.hostedBy", { name: host.name })}</p>}
    </div>
  );
}
