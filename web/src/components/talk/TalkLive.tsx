import { useDisclosure } from "@mantine/hooks";
import { useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type TalkHook, useSettings, useWakeLock } from "../../hooks";
import { TypeField } from "../practice/TypeField";
import { useRoomToasts } from "../room/toasts";
import { SettingsDrawer } from "../settings/SettingsDrawer";
import { PrivacySummary } from "../tutor/Privacy";
import { Orb } from "./Orb";
import { TalkCaptions } from "./TalkCaptions";
import { TalkControls } from "./TalkControls";
import { TalkCorrection } from "./TalkCorrection";
import { TalkHeader } from "./TalkHeader";
import classes from "./TalkLive.module.css";
import { TalkNotices } from "./TalkNotices";
import { Transcript } from "./Transcript";

/** A talk that goes on, in the whole window. */
export function TalkLive({ talk }: { talk: TalkHook }) {
  const { t } = useTranslation();
  const { captions } = useSettings();
  const [transcriptOpen, transcript] = useDisclosure(false);
  const [soundOpen, sound] = useDisclosure(false);
  const [isTyping, setTyping] = useState(false);
  const { tutor, dialogue, stance } = talk;
  const isDeaf = stance === "deaf";
  const hint = useHint(talk);
  useWakeLock(true);
  useRoomToasts();
  useEscape(talk.end);
  useEffect(() => {
    // Without an engine that hears the language, no audio is sent.
    if (isDeaf) talk.setMuted(true);
  }, [isDeaf, talk.setMuted]);
  return (
    <div className={classes.live} data-stance={stance}>
      <TalkHeader tutor={tutor} onTranscript={transcript.open} onSound={sound.open} />
      <main id="content" tabIndex={-1} className={classes.main}>
        <div className={classes.stage}>
          <Orb stance={stance} level={() => talk.levelOf(stance === "speaking" ? "tutor" : "me")} />
          <p role="status" className={classes.stance} data-testid="talk-stance" data-stance={stance}>
            {t(`talk.stance.${stance}`, { name: tutor?.name ?? "" })}
          </p>
          <p className={classes.hint} data-keys={talk.microphone === "ready"}>
            {hint}
          </p>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1) */}
        <section className={classes.words} tabIndex={0} aria-label={t("practice.conversation")}>
          <TalkNotices talk={talk} />
          {captions && <TalkCaptions dialogue={dialogue} tutor={tutor} />}
          <TalkCorrection dialogue={dialogue} language={tutor?.language ?? "en"} />
        </section>
      </main>
      <section className={classes.footer} aria-label={t("room.controls")}>
        {(isTyping || isDeaf) && (
          <TypeField language={tutor?.language ?? "en"} disabled={tutor === null} onSay={talk.say} />
        )}
        <TalkControls talk={talk} isTyping={isTyping} onType={() => setTyping(!isTyping)} />
        {tutor && <PrivacySummary tutor={tutor} className={classes.privacy} />}
      </section>
      <Transcript opened={transcriptOpen} onClose={transcript.close} dialogue={dialogue} tutor={tutor} />
      <SettingsDrawer opened={soundOpen} onClose={sound.close} />
    </div>
  );
}

/** Shows the keys that work in the present state. */
function useHint({ isMuted, isHeld, microphone, stance }: TalkHook): string {
  const { t } = useTranslation();
  const { shortcutsEnabled } = useSettings();
  if (stance === "connecting" && microphone === "asking") return t("prejoin.asking");
  if (isHeld) return t("room.talkingNow");
  if (stance === "deaf" || !shortcutsEnabled || microphone !== "ready") return "";
  return t(isMuted ? "talk.keysMuted" : "talk.keys");
}

/** Escape ends the talk, where nothing is open that it closes. */
function useEscape(end: () => void): void {
  const { shortcutsEnabled } = useSettings();
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.repeat || event.isComposing) return;
    if (document.querySelector("[role=dialog], [role=menu], [role=listbox]")) return;
    end();
  });
  useEffect(() => {
    if (!shortcutsEnabled) return;
    const down = (event: KeyboardEvent) => pressed(event);
    window.addEventListener("keydown", down);
    return () => window.removeEventListener("keydown", down);
  }, [shortcutsEnabled]);
}
