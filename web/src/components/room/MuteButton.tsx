import { UnstyledButton } from "@mantine/core";
import { IconMicrophone, IconMicrophoneOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type CallHook, useMicrophone, useSettings } from "../../hooks";
import { LevelMeter } from "../common/LevelMeter";
import { notify } from "../common/notify";
import classes from "./ControlButton.module.css";

/** Named after what pressing it does. Its meter also moves while muted, which shows that the microphone works. */
export function MuteButton({ call }: { call: CallHook }) {
  const { t } = useTranslation();
  const microphone = useMicrophone();
  const { shortcutsEnabled } = useSettings();
  const { status } = microphone;
  if (status !== "ready") {
    const start = () => {
      // There is nothing to ask the browser for, so no change of the status says why.
      if (status === "insecure" || status === "unsupported") notify(t(`prejoin.${status}Text`), "red");
      else void microphone.start();
    };
    return (
      <UnstyledButton className={`${classes.button} ${classes.mute}`} onClick={start}>
        <IconMicrophone size={24} aria-hidden="true" />
        <span>{t("room.addMicrophone")}</span>
      </UnstyledButton>
    );
  }
  const Icon = call.isMuted ? IconMicrophoneOff : IconMicrophone;
  return (
    <UnstyledButton
      className={`${classes.button} ${classes.mute}`}
      data-muted={call.isMuted}
      aria-keyshortcuts={shortcutsEnabled ? "M" : undefined}
      onClick={call.toggleMute}
    >
      <span className={classes.row}>
        <Icon size={24} aria-hidden="true" />
        {t(call.isMuted ? "room.unmute" : "room.mute")}
      </span>
      <LevelMeter className={classes.meter} />
    </UnstyledButton>
  );
}
