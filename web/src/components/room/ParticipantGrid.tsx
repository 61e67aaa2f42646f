import { useTranslation } from "react-i18next";
import type { CallHook } from "../../hooks";
import type { Participant, Room } from "../../protocol";
import classes from "./ParticipantGrid.module.css";
import { ParticipantTile } from "./ParticipantTile";

interface Props {
  call: CallHook;
  room: Room;
  me: Participant;
}

/** Number of columns by number of people: large tiles for few, small ones for a full room. */
export function columnsFor(count: number): { wide: number; narrow: number } {
  if (count <= 1) return { wide: 1, narrow: 1 };
  if (count === 2) return { wide: 2, narrow: 1 };
  if (count <= 4) return { wide: 2, narrow: 2 };
  if (count <= 6) return { wide: 3, narrow: 2 };
  if (count <= 9) return { wide: 3, narrow: 3 };
  return { wide: 4, narrow: 3 };
}

export function ParticipantGrid({ call, room, me }: Props) {
  const { t } = useTranslation();
  const count = call.participants.length;
  const { wide, narrow } = columnsFor(count);
  return (
    <ul
      className={classes.grid}
      aria-label={t("room.participants")}
      style={{ "--wide": wide, "--narrow": narrow, "--rows": Math.ceil(count / wide) } as React.CSSProperties}
    >
      {call.participants.map((person) => (
        <ParticipantTile
          key={person.id}
          person={person}
          call={call}
          isMe={person.id === me.id}
          isHost={person.userId === room.hostId}
          isDominant={person.id === call.dominantId}
        />
      ))}
    </ul>
  );
}
