import { Button, Skeleton, VisuallyHidden } from "@mantine/core";
import { IconDoorEnter, IconLock, IconWorld } from "@tabler/icons-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useNames } from "../../i18n/names";
import type { Level, ListedPerson, ListedRoom } from "../../protocol";
import { LevelBadge } from "../common/LevelBadge";
import { PersonAvatar } from "../common/PersonAvatar";
import avatarPile from "./AvatarPile.module.css";
import { Occupancy } from "./Occupancy";
import roomCard from "./RoomCard.module.css";

interface Props {
  /** Without a level it is a preview for which none was chosen. */
  room: Omit<ListedRoom, "level"> & { level: Level | null };
  /** Preview of a room that is being created, without controls. */
  preview?: boolean;
}

export function RoomCard({ room, preview = false }: Props) {
  const { t } = useTranslation();
  const names = useNames();
  const titleId = useId();
  return (
    <article className={roomCard.card} aria-labelledby={titleId} data-level={room.level ?? undefined}>
      <div className={roomCard.top}>
        {room.level ? (
          <LevelBadge level={room.level} withName />
        ) : (
          <span className={roomCard.noLevel}>{t("create.noLevel")}</span>
        )}
        <span className={roomCard.language}>
          <IconWorld size={16} aria-hidden="true" />
          {names.language(room.language)}
        </span>
        {room.knockToEnter && (
          <span className={roomCard.language}>
            <IconDoorEnter size={16} aria-hidden="true" />
            {t("rooms.card.knock")}
          </span>
        )}
      </div>
      <h2 className={roomCard.title} id={titleId}>
        <span dir="auto">{room.name}</span>
        {room.isLocked && <IconLock size={18} role="img" aria-label={t("rooms.card.locked")} />}
      </h2>
      {room.topic && (
        <p className={roomCard.topic} dir="auto">
          {room.topic}
        </p>
      )}
      {room.tags.length > 0 && (
        <ul className={roomCard.tags} aria-label={t("rooms.card.tags")}>
          {room.tags.map((tag) => (
            <li key={tag} dir="auto">
              {tag}
            </li>
          ))}
        </ul>
      )}
      <div className={roomCard.bottom}>
        <AvatarPile people={room.participants} total={room.seatCount} />
        <Occupancy taken={room.participantCount} max={room.maxParticipants} />
        {!preview && <JoinButton room={room} />}
      </div>
    </article>
  );
}

/** Also leads to full and locked rooms: their page says who is there and tells when one can join. */
function JoinButton({
  room,
}: {
  room: Pick<ListedRoom, "id" | "name" | "participantCount" | "maxParticipants" | "isLocked">;
}) {
  const { t } = useTranslation();
  const isFull = room.participantCount >= room.maxParticipants;
  const state = isFull ? "full" : room.isLocked ? "locked" : "join";
  return (
    <Button
      component={Link}
      to={`/rooms/${room.id}`}
      variant={state === "join" ? "filled" : "default"}
      aria-label={t(`rooms.card.${state}Label`, { name: room.name })}
      className={roomCard.join}
    >
      {t(`rooms.card.${state}`)}
    </Button>
  );
}

export function RoomCardSkeleton() {
  return (
    <div className={roomCard.card} aria-hidden="true">
      <Skeleton height={26} width={130} radius="xl" />
      <Skeleton height={20} width="70%" mt={6} />
      <Skeleton height={14} />
      <Skeleton height={14} width="55%" />
      <div className={roomCard.bottom}>
        <Skeleton height={34} width={78} radius="xl" />
        <span />
        <Skeleton height={44} width={84} radius="xl" />
      </div>
    </div>
  );
}

const SHOWN = 3;

/** `people`: the first of `total`. */
export function AvatarPile({ people, total }: { people: ListedPerson[]; total: number }) {
  const { t } = useTranslation();
  if (people.length === 0) return <span className={avatarPile.empty}>{t("rooms.card.empty")}</span>;
  const hidden = total - Math.min(people.length, SHOWN);
  const names = people.slice(0, SHOWN).map((person) => person.name);
  if (hidden > 0) names.push(t("rooms.card.moreLabel", { count: hidden }));
  return (
    <div className={avatarPile.pile}>
      <VisuallyHidden>{t("rooms.card.people", { names: names.join(", ") })}</VisuallyHidden>
      {people.slice(0, SHOWN).map((person) => (
        <PersonAvatar key={person.id} person={person} size={34} className={avatarPile.face} />
      ))}
      {hidden > 0 && (
        <span className={avatarPile.more} aria-hidden="true">
          {t("rooms.card.more", { count: hidden })}
        </span>
      )}
    </div>
  );
}
