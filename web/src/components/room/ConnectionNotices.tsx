import { Button } from "@mantine/core";
import { IconMicrophoneOff, IconPlugConnected, IconVolume, IconWifiOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type CallHook, useIsOnline, useMicrophone, usePlayback } from "../../hooks";
import classes from "./ConnectionNotices.module.css";

/** State of the connection and of an open microphone, with an action where there is one. */
export function ConnectionNotices({ call }: { call: CallHook }) {
  const { t } = useTranslation();
  const isOnline = useIsOnline();
  const playback = usePlayback();
  const { status, input } = useMicrophone();
  const isReconnecting = call.phase === "reconnecting";
  const notice = !isOnline ? "offline" : (call.notice ?? (isReconnecting ? "connection_lost" : null));
  return (
    <div className={classes.notices}>
      <div role="status">
        {notice && (
          <div className={classes.notice} data-kind="warning">
            {isOnline ? (
              <IconPlugConnected size={20} aria-hidden="true" />
            ) : (
              <IconWifiOff size={20} aria-hidden="true" />
            )}
            <p>{t(`notice.${notice}`)}</p>
            {isOnline && isReconnecting && (
              <Button variant="default" onClick={call.retry}>
                {t("notice.tryNow")}
              </Button>
            )}
          </div>
        )}
      </div>
      <div role="status">
        {!call.isMuted && status === "ready" && input !== "sound" && (
          <div className={classes.notice} data-kind="warning">
            <IconMicrophoneOff size={20} aria-hidden="true" />
            <p>{t(`microphoneInput.${input}`)}</p>
          </div>
        )}
      </div>
      {playback.blocked && (
        <div className={classes.notice} data-kind="sound" role="alert">
          <p>{t("room.tapToHearText")}</p>
          <Button leftSection={<IconVolume size={20} aria-hidden="true" />} onClick={playback.unblock}>
            {t("room.tapToHear")}
          </Button>
        </div>
      )}
    </div>
  );
}
