import { IconDoorEnter, IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { FriendRoom } from "../../protocol";
import classes from "./People.module.css";

interface Props {
  person: { name: string; isOnline: boolean; room: FriendRoom | null };
  /** Before the link to the room is followed. */
  onGo?: () => void;
}

/** Shows the room in which a friend is, with a link to it, if the friend lets it be seen. Shows nothing of other people. */
export function FriendPlace({ person: { name, isOnline, room }, onGo }: Props) {
  const { t } = useTranslation();
  if (!isOnline) return null;
  if (!room) return <span className={classes.online}>{t("friends.online")}</span>;
  return (
    <>
      <span className={classes.online} dir="auto">
        {t("friends.inRoom", { room: room.name })}
      </span>
      {room.isFull || room.isLocked ? (
        <span className={classes.note}>
          {room.isLocked && <IconLock size={14} aria-hidden="true" />}
          {t(room.isLocked ? "friends.lockedRoom" : "friends.fullRoom")}
        </span>
      ) : (
        <Link
          to={`/rooms/${room.id}`}
          className={classes.join}
          aria-label={t("friends.joinNamed", { name, room: room.name })}
          onClick={() => onGo?.()}
        >
          <IconDoorEnter size={18} aria-hidden="true" />
          {t("friends.join")}
        </Link>
      )}
    </>
  );
}
