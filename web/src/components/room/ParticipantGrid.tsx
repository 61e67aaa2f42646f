import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { CallHook } from "../../hooks";
import type { Participant, Room } from "../../protocol";
import { Parlour } from "./Parlour";
import classes from "./ParticipantGrid.module.css";
import { ParticipantTile } from "./ParticipantTile";
import { useHiddenTiles } from "./useHiddenTiles";

interface Props {
  call: CallHook;
  room: Room;
  me: Participant;
  /** Called with the ids of the participants whose tiles are scrolled out of view. */
  onHidden(ids: ReadonlySet<string>): void;
}

/**
 * Columns and rows for a number of people, in rows of nearly the same length. `dense` leaves room for the tutor's card
 * in narrow windows.
 */
export function seating(count: number, dense: boolean): { columns: Sizes; rows: Sizes } {
  const narrow = count <= 2 && !dense ? 1 : count <= (dense ? 4 : 6) ? 2 : 3;
  const rows = { wide: count <= 3 ? 1 : count <= 8 ? 2 : 3, narrow: Math.ceil(count / narrow) };
  return {
    rows,
    columns: { wide: Math.ceil(count / rows.wide), narrow: Math.ceil(count / rows.narrow) },
  };
}

interface Sizes {
  wide: number;
  narrow: number;
}

export function ParticipantGrid({ call, room, me, onHidden }: Props) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  useHiddenTiles(list, call.participants.length, onHidden);
  const { columns, rows } = seating(call.participants.length, room.tutor !== null);
  return (
    <Parlour rows={rows}>
      <ul
        ref={list}
        className={classes.grid}
        aria-label={t("room.participants")}
        style={{ "--wide": columns.wide, "--narrow": columns.narrow } as React.CSSProperties}
      >
        {call.participants.map((person) => (
          <ParticipantTile
            key={person.id}
            person={person}
            call={call}
            isMe={person.id === me.id}
            isHost={person.userId === room.hostId}
            isCohost={room.cohostIds.includes(person.userId)}
            isDominant={person.id === call.dominantId}
          />
        ))}
      </ul>
    </Parlour>
  );
}
