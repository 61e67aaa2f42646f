import { UnstyledButton } from "@mantine/core";
import { IconMicrophone } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { HoldHook } from "../../hooks";
import { LevelMeter } from "../common/LevelMeter";
import classes from "./HoldButton.module.css";

interface Props {
  hold: HoldHook;
  withKeys: boolean;
  disabled?: boolean;
}

/** Speaks while it is held with a finger, the mouse, or the Space or Enter key. */
export function HoldButton({ hold, withKeys, disabled = false }: Props) {
  const { t } = useTranslation();
  const isKey = (event: React.KeyboardEvent) => event.code === "Space" || event.code === "Enter";
  return (
    <UnstyledButton
      className={classes.button}
      disabled={disabled}
      data-held={hold.isHeld}
      aria-pressed={hold.isHeld}
      aria-keyshortcuts={withKeys ? "Space" : undefined}
      onPointerDown={(event) => {
        if (disabled || event.button !== 0) return;
        // Releasing the pointer outside the button counts too.
        event.currentTarget.setPointerCapture(event.pointerId);
        hold.start();
      }}
      onPointerUp={hold.stop}
      onPointerCancel={hold.stop}
      onLostPointerCapture={hold.stop}
      onKeyDown={(event) => {
        if (!isKey(event)) return;
        event.preventDefault();
        if (!event.repeat) hold.start();
      }}
      onKeyUp={(event) => isKey(event) && hold.stop()}
      onBlur={hold.stop}
      onContextMenu={(event) => event.preventDefault()}
    >
      <span className={classes.row}>
        <IconMicrophone size={26} aria-hidden="true" />
        {t("practice.hold")}
      </span>
      {!disabled && <LevelMeter className={classes.meter} />}
    </UnstyledButton>
  );
}
