import { Button } from "@mantine/core";
import { IconHourglass, IconPlayerSkipForward } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type CallHook, clockText, type ShownTurns, useTurnSound } from "../../hooks";
import type { Participant } from "../../protocol";
import { usePersonName } from "../people/usePersonName";
import classes from "./ClubBar.module.css";
import { Said } from "./Said";
import { useTimeLeft } from "./useTimeLeft";

interface Props {
  call: CallHook;
  me: Participant;
  turns: ShownTurns;
}

/** Shows whose turn it is and how long it still lasts. Its end is shown and heard; the turn goes on until somebody ends it. */
export function TurnPart({ call, me, turns }: Props) {
  const { t } = useTranslation();
  const nameOf = usePersonName();
  const speaker = call.participants.find(({ id }) => id === turns.participantId) ?? null;
  const left = useTimeLeft(speaker ? turns.endsAt : null);
  const isMine = speaker?.id === me.id;
  const isOver = left !== null && left <= 0;
  useTurnSound(turns.number, isOver);
  const title = !speaker
    ? t("club.noTurn")
    : isMine
      ? t(call.isMuted ? "club.myTurnMuted" : "club.myTurn")
      : t("club.turnOf", { name: nameOf(speaker) });
  const said = isOver
    ? t("club.saidOver")
    : isMine || !speaker
      ? title
      : t("club.saidTurn", { name: nameOf(speaker) });
  const share = left === null ? 0 : Math.max(0, Math.min(1, left / turns.seconds));
  return (
    <div className={classes.part} data-mine={isMine} data-over={isOver}>
      <IconHourglass size={20} className={classes.icon} aria-hidden="true" />
      <div className={classes.text}>
        <strong dir="auto">{title}</strong>
        {left !== null && (
          <>
            <span className={classes.time} role="timer">
              {t(isOver ? "club.over" : "club.left", { time: clockText(left) })}
            </span>
            <span className={classes.track} aria-hidden="true">
              <span style={{ transform: `scaleX(${share})` }} />
            </span>
          </>
        )}
      </div>
      {(call.isLeading || isMine) && (
        <Button
          variant={isOver ? "filled" : "light"}
          className={classes.next}
          leftSection={<IconPlayerSkipForward size={18} aria-hidden="true" />}
          disabled={call.isStale}
          onClick={() => call.send("next_turn", { number: turns.number })}
        >
          <span className={call.isLeading ? classes.nextText : undefined}>
            {t(isMine && !call.isLeading ? "club.done" : "club.nextTurn")}
          </span>
        </Button>
      )}
      <Said text={said} />
    </div>
  );
}
