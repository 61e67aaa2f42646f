import { Button, CloseButton } from "@mantine/core";
import {
  IconInfoCircle,
  IconMicrophoneOff,
  type Icon as IconType,
  IconVolume,
  IconWifiOff,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type TalkHook, useMicrophone, usePlayback, useSend } from "../../hooks";
import { useNames } from "../../i18n/names";
import { microphoneProblem } from "../common/microphone-problem";
import classes from "./TalkLive.module.css";

/** Shows the problems of the talk, and what the person can do about them. */
export function TalkNotices({ talk }: { talk: TalkHook }) {
  const { t } = useTranslation();
  const names = useNames();
  const playback = usePlayback();
  const { input } = useMicrophone();
  const send = useSend();
  const [isRead, setRead] = useState(false);
  const { tutor, trouble, stance } = talk;
  const problem = microphoneProblem(talk.microphone);
  const isDeaf = stance === "deaf";
  return (
    <div className={classes.notices}>
      <div role="status">
        {/* It says that nothing is lost: not beside a connection that is. */}
        {talk.hasSwitched && !isRead && talk.stage === "socket" && stance !== "reconnecting" && (
          <Notice Icon={IconInfoCircle}>
            <p>{t("talk.switched")}</p>
            <CloseButton size={44} iconSize={18} aria-label={t("app.close")} onClick={() => setRead(true)} />
          </Notice>
        )}
        {stance === "reconnecting" && (
          <Notice Icon={IconWifiOff}>
            <p>{t("talk.reconnectingHint")}</p>
            <Button variant="default" onClick={talk.retry}>
              {t("notice.tryNow")}
            </Button>
          </Notice>
        )}
        {trouble?.kind === "busy" && (
          <Notice Icon={IconInfoCircle}>
            <p>{t("talk.trouble.busy")}</p>
          </Notice>
        )}
        {trouble?.kind === "unheard" && (
          <Notice Icon={IconMicrophoneOff}>
            <p>{t("talk.trouble.unheard")}</p>
          </Notice>
        )}
        {stance === "waiting" && tutor && tutor.status !== "ready" && (
          <Notice Icon={IconInfoCircle}>
            <p>
              {t(`tutor.statusHints.${tutor.status}`, {
                language: names.languageInText(tutor.language),
                name: tutor.name,
              })}
            </p>
            {tutor.status === "resting" && (
              <Button variant="default" onClick={() => void send("ask_tutor", {})}>
                {t("tutor.callBack", { name: tutor.name })}
              </Button>
            )}
          </Notice>
        )}
        {isDeaf && tutor && (
          <Notice Icon={IconMicrophoneOff}>
            <p>
              {t("tutor.noStt", { language: names.languageInText(tutor.language) })} {t("talk.typeHint")}
            </p>
          </Notice>
        )}
        {problem && !isDeaf && (
          <Notice Icon={IconMicrophoneOff}>
            <p>
              <strong>{t(`prejoin.${problem}Title`)}.</strong> {t(`talk.microphone.${problem}`)}
            </p>
          </Notice>
        )}
        {!talk.isMuted && talk.microphone === "ready" && input !== "sound" && (
          <Notice Icon={IconMicrophoneOff}>
            <p>{t(`microphoneInput.${input}`)}</p>
          </Notice>
        )}
      </div>
      {playback.blocked && (
        <div role="alert">
          <Notice Icon={IconVolume}>
            <p>{t("room.tapToHearText")}</p>
            <Button onClick={playback.unblock}>{t("room.tapToHear")}</Button>
          </Notice>
        </div>
      )}
    </div>
  );
}

function Notice({ Icon, children }: { Icon: IconType; children: React.ReactNode }) {
  return (
    <div className={classes.notice}>
      <Icon size={20} aria-hidden="true" />
      {children}
    </div>
  );
}
