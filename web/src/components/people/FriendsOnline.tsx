import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { usePeople } from "../../hooks";
import type { ListedUser } from "../../protocol";
import { PersonAvatar } from "../common/PersonAvatar";
import classes from "./FriendsOnline.module.css";
import { openCard } from "./openCard";

/**
 * The reader's friends who are online, in one row that scrolls: a tap leads into the room of a friend, or to their card.
 * Nothing if nobody is online, or lets the reader see it.
 */
export default function FriendsOnline() {
  const { t } = useTranslation();
  const { people } = usePeople("online");
  if (people.length === 0) return null;
  return (
    <section className={classes.strip} aria-labelledby="friends-online">
      <h2 id="friends-online" className={classes.title}>
        {t("friends.friendsOnline")}
      </h2>
      <ul className={classes.list}>
        {people.map((person) => (
          <li key={person.id}>
            <Friend person={person} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Friend({ person }: { person: ListedUser }) {
  const { t } = useTranslation();
  const { id, name, room } = person;
  const where = room ? t("friends.inRoom", { room: room.name }) : t("friends.online");
  const inside = (
    <>
      <PersonAvatar person={person} size={32} />
      <span className={classes.texts}>
        <span className={classes.name} dir="auto">
          {name}
        </span>
        <span className={classes.where} dir="auto">
          {where}
        </span>
      </span>
    </>
  );
  if (room && !room.isFull && !room.isLocked) {
    return (
      <Link
        to={`/rooms/${room.id}`}
        className={classes.friend}
        aria-label={t("friends.joinNamed", { name, room: room.name })}
      >
        {inside}
      </Link>
    );
  }
  return (
    <button
      type="button"
      className={classes.friend}
      aria-haspopup="dialog"
      onClick={() => openCard({ userId: id, name })}
    >
      {inside}
    </button>
  );
}
