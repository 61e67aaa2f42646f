import { Button, NumberInput, Radio, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CallHook } from "../../hooks";
import type { TurnOrder } from "../../protocol";
import classes from "./HostPanel.module.css";

const MIN_MINUTES = 0.5;
const MAX_MINUTES = 30;

/** Starts and ends turns. Whose turn it is, and the time, are in the bar that everyone sees. */
export function TurnsPart({ call }: { call: CallHook }) {
  const { t } = useTranslation();
  const [order, setOrder] = useState<TurnOrder>("round");
  const [minutes, setMinutes] = useState<number | string>(2);
  const { turns } = call.club;
  if (turns) {
    return (
      <div className={classes.row}>
        <Button onClick={() => call.send("next_turn", { number: turns.number })}>{t("club.nextTurn")}</Button>
        <Button variant="default" onClick={() => call.send("stop_turns", {})}>
          {t("host.stop")}
        </Button>
      </div>
    );
  }
  const length = typeof minutes === "number" ? minutes : Number.NaN;
  const isValid = length >= MIN_MINUTES && length <= MAX_MINUTES;
  return (
    <>
      <Radio.Group
        label={t("host.order")}
        value={order}
        onChange={(value) => setOrder(value === "hands" ? "hands" : "round")}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="round" label={t("host.round")} />
          <Radio value="hands" label={t("host.hands")} />
        </Stack>
      </Radio.Group>
      <NumberInput
        label={t("host.minutes")}
        value={minutes}
        onChange={setMinutes}
        min={MIN_MINUTES}
        max={MAX_MINUTES}
        step={0.5}
        decimalScale={1}
        w={180}
      />
      <div className={classes.row}>
        <Button
          disabled={!isValid}
          onClick={() => call.send("start_turns", { order, seconds: Math.round(length * 60) })}
        >
          {t("host.start")}
        </Button>
      </div>
    </>
  );
}
