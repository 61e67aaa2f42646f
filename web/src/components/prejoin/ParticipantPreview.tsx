import { IconCrown } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { RoomPreview } from "../../protocol";
import { LazyFlag } from "../common/LazyFlag";
import { PersonAvatar } from "../common/PersonAvatar";
import { usePersonName } from "../people/usePersonName";
import { Occupancy } from "../rooms/Occupancy";
import classes from "./ParticipantPreview.module.css";

export function ParticipantPreview({ room }: { room: RoomPreview }) {
  const { t } = useTranslation();
  const nameOf = usePersonName();
  return (
    <section aria-labelledby="who-is-in" data-level={room.level}>
      <div className={classes.head}>
        <h2 id="who-is-in" className={classes.title}>
          {t("prejoin.inTheRoom")}
        </h2>
        <Occupancy taken={room.participantCount} max={room.maxParticipants} />
      </div>
      {room.participants.length === 0 ? (
        <p className={classes.nobody}>
          {t(room.admission === "knock" ? "prejoin.nobodyToAdmit" : "prejoin.nobody")}
        </p>
      ) : (
        <ul className={classes.people}>
          {room.participants.map((person) => (
            <li key={person.id} className={classes.person}>
              <PersonAvatar person={person} size={40} />
              <span className={classes.name} dir="auto">
                {nameOf(person)}
              </span>
              {person.country && <LazyFlag country={person.country} />}
              {person.userId === room.hostId && (
                <IconCrown size={18} className={classes.host} role="img" aria-label={t("prejoin.host")} />
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
