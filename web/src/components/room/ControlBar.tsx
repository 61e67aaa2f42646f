import { IconDoorExit, IconHandStop, IconSettings } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type CallHook, useSettings } from "../../hooks";
import type { Participant } from "../../protocol";
import classes from "./ControlBar.module.css";
import { ControlButton } from "./ControlButton";
import { MuteButton } from "./MuteButton";

interface Props {
  call: CallHook;
  me: Participant;
  isHeld: boolean;
  onSettings(): void;
}

export function ControlBar({ call, me, isHeld, onSettings }: Props) {
  const { t } = useTranslation();
  const { shortcutsEnabled } = useSettings();
  // The reason comes first: a person who is muted while talking is still talking.
  const hint = call.mutedByHost
    ? t("room.mutedByHost")
    : call.isTalkingWhileMuted
      ? t("room.mutedHint")
      : isHeld && !call.isMuted
        ? t("room.talkingNow")
        : null;
  return (
    <section className={classes.bar} aria-label={t("room.controls")}>
      <div role="status" className={classes.status}>
        {hint && (
          <p className={classes.hint} data-kind={isHeld && !call.isMuted ? "open" : "muted"}>
            {hint}
          </p>
        )}
      </div>
      <div className={classes.buttons}>
        <MuteButton call={call} />
        <ControlButton
          label={t("room.hand")}
          name={t(me.handRaised ? "room.lowerHand" : "room.raiseHand")}
          Icon={IconHandStop}
          isOn={me.handRaised}
          onClick={() => call.send("set_hand", { raised: !me.handRaised })}
        />
        <ControlButton label={t("room.settings")} Icon={IconSettings} onClick={onSettings} />
        <ControlButton
          label={t("room.leave")}
          Icon={IconDoorExit}
          tone="danger"
          onClick={() => void call.leave()}
        />
      </div>
      {shortcutsEnabled && <p className={classes.keys}>{t("room.holdToTalk")}</p>}
    </section>
  );
}
