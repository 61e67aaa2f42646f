import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CallHook } from "../../hooks";
import type { Participant } from "../../protocol";
import classes from "./HandList.module.css";

interface Props {
  call: CallHook;
  /** In order. */
  hands: readonly Participant[];
}

/** Raised hands, to invite to speak or to lower, one or all. */
export function HandList({ call, hands }: Props) {
  const { t } = useTranslation();
  return (
    <div>
      <ol className={classes.list}>
        {hands.map(({ id, name }) => (
          <li key={id}>
            <span className={classes.name} dir="auto">
              {name}
            </span>
            <Button
              variant="light"
              aria-label={t("room.giveFloorTo", { name })}
              onClick={() => call.send("give_floor", { participantId: id })}
            >
              {t("room.giveFloor")}
            </Button>
            <Button
              variant="subtle"
              aria-label={t("room.lowerHandOf", { name })}
              onClick={() => call.send("lower_hand", { participantId: id })}
            >
              {t("room.lowerHand")}
            </Button>
          </li>
        ))}
      </ol>
      {hands.length > 1 && (
        <Button variant="default" fullWidth mt="xs" onClick={() => call.send("lower_hands", {})}>
          {t("room.lowerAllHands")}
        </Button>
      )}
    </div>
  );
}
