import { Stack, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type CallHook, type Dialogue, type RecognitionHook, useSend, useSettings } from "../../hooks";
import type { Participant, Tutor } from "../../protocol";
import { TypeField } from "../practice/TypeField";
import { KeepAudioSwitch, RecognitionSwitch, VoiceConsentSwitch } from "./consent-switches";
import { EnginesNote } from "./Engines";
import { FeedbackPanel } from "./Feedback";
import { HostOptions } from "./HostOptions";
import { PatienceSlider } from "./PatienceSlider";
import { PrivacyNote } from "./Privacy";
import classes from "./TutorDetails.module.css";

interface Props {
  call: CallHook;
  tutor: Tutor;
  me: Participant;
  dialogue: Dialogue;
  recognition: RecognitionHook;
}

/** The contents of `TutorDetails`. */
export function TutorOptions({ call, tutor, me, dialogue, recognition }: Props) {
  const { t } = useTranslation();
  const send = useSend();
  const choices = useSettings();
  return (
    <Stack gap="lg">
      <TypeField
        language={tutor.language}
        disabled={tutor.status !== "ready" && tutor.status !== "resting"}
      />
      <PrivacyNote tutor={tutor} className={classes.privacy} />
      <VoiceConsentSwitch tutor={tutor} me={me} />
      <Switch
        label={t("tutor.captions")}
        description={t("tutor.captionsHint")}
        checked={choices.captions}
        onChange={(event) => choices.setCaptions(event.currentTarget.checked)}
      />
      <PatienceSlider />
      <Switch
        label={t("tutor.laterFeedback")}
        description={t("tutor.laterFeedbackHint", { name: tutor.name })}
        checked={choices.laterFeedback}
        onChange={(event) => choices.setLaterFeedback(event.currentTarget.checked)}
      />
      <KeepAudioSwitch />
      <RecognitionSwitch recognition={recognition} />
      {call.isHost && <HostOptions call={call} tutor={tutor} />}
      <EnginesNote tutor={tutor} />
      <section aria-labelledby="room-feedback">
        <h3 id="room-feedback" className={classes.heading}>
          {t("tutor.feedback")}
        </h3>
        <FeedbackPanel dialogue={dialogue} language={tutor.language} onAsk={() => send("ask_feedback", {})} />
      </section>
    </Stack>
  );
}
