import { Button, Popover, UnstyledButton } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type CallHook, raisedHands } from "../../hooks";
import classes from "./RaisedHands.module.css";

/** For the host: who has raised a hand, in order, with a button to lower each. Nothing while no hand is up. */
export function RaisedHands({ call }: { call: CallHook }) {
  const { t } = useTranslation();
  const hands = raisedHands(call.participants);
  if (hands.length === 0 || call.isStale) return null;
  const label = t("room.hands", { count: hands.length });
  return (
    <Popover position="bottom-end" width={280} shadow="md" radius="md" trapFocus>
      <Popover.Target>
        <UnstyledButton className={classes.button} aria-label={label} title={label}>
          <IconHandStop size={18} aria-hidden="true" />
          {hands.length}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("room.handsInOrder")}>
        <strong>{t("room.handsInOrder")}</strong>
        <ol className={classes.list}>
          {hands.map(({ id, name }) => (
            <li key={id}>
              <span className={classes.name} dir="auto">
                {name}
              </span>
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
      </Popover.Dropdown>
    </Popover>
  );
}
