import { Popover, UnstyledButton } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type CallHook, raisedHands } from "../../hooks";
import { HandList } from "./HandList";
import classes from "./RaisedHands.module.css";

/** For the host and co-hosts: who has raised a hand, in order, to invite to speak or to lower, one or all. Nothing while no hand is up. */
export function RaisedHands({ call }: { call: CallHook }) {
  const { t } = useTranslation();
  const hands = raisedHands(call.participants);
  if (hands.length === 0 || call.isStale) return null;
  const label = t("room.hands", { count: hands.length });
  return (
    <Popover position="bottom-end" width={320} shadow="md" radius="md" trapFocus>
      <Popover.Target>
        <UnstyledButton className={classes.button} aria-label={label} title={label}>
          <IconHandStop size={18} aria-hidden="true" />
          {hands.length}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("room.handsInOrder")}>
        <strong>{t("room.handsInOrder")}</strong>
        <HandList call={call} hands={hands} />
      </Popover.Dropdown>
    </Popover>
  );
}
