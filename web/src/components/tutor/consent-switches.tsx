import { Switch, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { hasFailed, type RecognitionHook, useSend, useSession } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { Participant, Tutor } from "../../protocol";
import { notify } from "../common/notify";

interface Props {
  tutor: Tutor;
  me: Participant;
  /** Nobody else is in the room. */
  alone?: boolean;
}

/** Consent to being heard by the tutor. */
export function VoiceConsentSwitch({ tutor: { name }, me, alone = false }: Props) {
  const { t } = useTranslation();
  const send = useSend();
  return (
    <Switch
      label={t("tutor.voiceConsent", { name })}
      description={alone ? t("tutor.voiceConsentHintAlone", { name }) : t("tutor.voiceConsentHint")}
      checked={me.heardByTutor}
      onChange={(event) => send("set_heard", { heard: event.currentTarget.checked })}
    />
  );
}

/** Consent to saving one's own voice. Off by default. */
export function KeepAudioSwitch() {
  const { t } = useTranslation();
  const { user, updateProfile } = useSession();
  if (!user) return null;
  const change = (keepMyAudio: boolean) =>
    updateProfile({ keepMyAudio }).catch((error: unknown) => notify(errorText(t, error), "red"));
  return (
    <Switch
      label={t("tutor.keepAudio")}
      description={t("tutor.keepAudioHint")}
      checked={user.keepMyAudio}
      onChange={(event) => void change(event.currentTarget.checked)}
    />
  );
}

/** Turns on the browser's speech recognition. Opt-in, because the browser may send the audio to its vendor. */
export function RecognitionSwitch({ recognition }: { recognition: RecognitionHook }) {
  const { t } = useTranslation();
  const { isSupported, isOn, status, setOn } = recognition;
  if (!isSupported) return <Text size="sm">{t("tutor.recognitionMissing")}</Text>;
  return (
    <Switch
      label={t("tutor.recognition")}
      description={t("tutor.recognitionHint")}
      error={!isOn && hasFailed(status) ? t(`tutor.recognitionStatus.${status}`) : undefined}
      checked={isOn}
      onChange={(event) => setOn(event.currentTarget.checked)}
    />
  );
}
