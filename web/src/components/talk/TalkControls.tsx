import { UnstyledButton } from "@mantine/core";
import { IconKeyboard, IconMicrophone, IconMicrophoneOff, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type TalkHook, useSettings } from "../../hooks";
import { notify } from "../common/notify";
import { ControlButton } from "../room/ControlButton";
import classes from "./TalkLive.module.css";

interface Props {
  talk: TalkHook;
  isTyping: boolean;
  onType(): void;
}

/** The microphone in the middle, typing on one side of it and the end on the other. */
export function TalkControls({ talk, isTyping, onType }: Props) {
  const { t } = useTranslation();
  return (
    <div className={classes.controls}>
      {/* If no engine hears the learner, the field is always shown. */}
      {talk.stance !== "deaf" && (
        <ControlButton
          label={t("talk.type")}
          name={t(isTyping ? "talk.typeLess" : "talk.typeMore")}
          Icon={IconKeyboard}
          isOn={isTyping}
          onClick={onType}
        />
      )}
      {talk.stance !== "deaf" && <MicrophoneButton talk={talk} />}
      <ControlButton
        label={t("talk.end")}
        name={t("talk.endTalk")}
        Icon={IconX}
        tone="danger"
        onClick={talk.end}
      />
    </div>
  );
}

/** Named after what pressing it does. */
function MicrophoneButton({ talk }: { talk: TalkHook }) {
  const { t } = useTranslation();
  const { shortcutsEnabled } = useSettings();
  const { microphone, isMuted } = talk;
  const hasDevice = microphone === "ready";
  const Icon = isMuted ? IconMicrophoneOff : IconMicrophone;
  const press = () => {
    // There is nothing to ask the browser for, so no change of the status says why.
    if (microphone === "insecure" || microphone === "unsupported")
      notify(t(`prejoin.${microphone}Text`), "red");
    else talk.toggleMuted();
  };
  const label = hasDevice ? t(isMuted ? "room.unmute" : "room.mute") : t("room.addMicrophone");
  return (
    <UnstyledButton
      className={classes.microphone}
      data-muted={isMuted}
      data-long={!hasDevice}
      disabled={microphone === "asking"}
      aria-keyshortcuts={shortcutsEnabled ? "M" : undefined}
      onClick={press}
    >
      <Icon size={30} aria-hidden="true" />
      <span>{label}</span>
    </UnstyledButton>
  );
}
