import {
  IconDoorExit,
  IconEar,
  IconHandStop,
  IconMessage,
  IconMicrophoneOff,
  IconSettings,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type CallHook, useMicrophone, useSettings } from "../../hooks";
import type { Participant } from "../../protocol";
import classes from "./ControlBar.module.css";
import { ControlButton } from "./ControlButton";
import { HiddenSpeakers } from "./HiddenSpeakers";
import { MuteButton } from "./MuteButton";
import { ReactButton } from "./ReactButton";

interface Props {
  call: CallHook;
  me: Participant;
  /** Ids of the participants whose tiles are scrolled out of view. */
  hidden: ReadonlySet<string>;
  isHeld: boolean;
  onSettings(): void;
}

/** Shows who hears this person and who speaks out of view, above or beside the controls. Nothing here covers the room. */
export function ControlBar({ call, me, hidden, isHeld, onSettings }: Props) {
  const { t } = useTranslation();
  const { shortcutsEnabled } = useSettings();
  const isListener = useMicrophone().status !== "ready";
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
      <div className={classes.line}>
        <div className={classes.mine}>
          <div role="status">
            {hint && (
              <p className={classes.hint} data-kind={isHeld && !call.isMuted ? "open" : "muted"}>
                {hint}
              </p>
            )}
          </div>
          {!hint && <WhoHearsMe isMuted={call.isMuted} isListener={isListener} />}
        </div>
        <HiddenSpeakers call={call} me={me} hidden={hidden}>
          {shortcutsEnabled && !isListener && (
            <p className={classes.keys}>{t(call.isMuted || isHeld ? "room.keysToTalk" : "room.keyToMute")}</p>
          )}
        </HiddenSpeakers>
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
        <ReactButton />
        <ControlButton
          id="chat-button"
          label={t("chat.title")}
          name={call.unread > 0 ? t("chat.unread", { count: call.unread }) : t("chat.title")}
          Icon={IconMessage}
          badge={call.unread}
          isOn={call.isChatOpen}
          isExpanded={call.isChatOpen}
          onClick={() => call.setChatOpen(!call.isChatOpen)}
        />
        <ControlButton label={t("room.settings")} Icon={IconSettings} onClick={onSettings} />
        <ControlButton
          label={t("room.leave")}
          Icon={IconDoorExit}
          tone="danger"
          onClick={() => void call.leave()}
        />
      </div>
    </section>
  );
}

/** Changes of it are announced by `Announcer`, so this is no live region. */
function WhoHearsMe({ isMuted, isListener }: { isMuted: boolean; isListener: boolean }) {
  const { t } = useTranslation();
  const Icon = isMuted || isListener ? IconMicrophoneOff : IconEar;
  return (
    <p className={classes.state} data-open={!isMuted && !isListener}>
      <Icon size={18} aria-hidden="true" />
      <span>{t(isListener ? "room.iListen" : isMuted ? "room.nobodyHearsMe" : "room.everyoneHearsMe")}</span>
    </p>
  );
}
