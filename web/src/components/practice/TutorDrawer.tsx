import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type RecognitionHook, useCall } from "../../hooks";
import type { Participant, Tutor } from "../../protocol";
import { ClassPicker } from "../classroom/ClassPicker";
import { SideDrawer } from "../common/SideDrawer";
import { KeepAudioSwitch, RecognitionSwitch, VoiceConsentSwitch } from "../tutor/consent-switches";
import { DocumentsOption } from "../tutor/DocumentsOption";
import { EnginesNote } from "../tutor/Engines";
import { PatienceSlider } from "../tutor/PatienceSlider";
import { PrivacyNote } from "../tutor/Privacy";
import { VoiceOptions } from "../tutor/VoiceOptions";
import { SoundButton } from "./PracticeHeader";
import classes from "./TutorDrawer.module.css";

interface Props {
  opened: boolean;
  onClose(): void;
  onSound(): void;
  tutor: Tutor;
  me: Participant;
  recognition: RecognitionHook;
}

/** Options of the tutor in practice: voice, consent, engines and privacy. */
export function TutorDrawer({ opened, onClose, onSound, tutor, me, recognition }: Props) {
  const { t } = useTranslation();
  const { room } = useCall();
  return (
    <SideDrawer opened={opened} onClose={onClose} title={t("tutor.options")}>
      <Stack gap="lg">
        <VoiceOptions tutor={tutor} />
        <DocumentsOption tutor={tutor} />
        <ClassPicker roomId={room?.id ?? ""} isTaught={tutor.teaches !== null} onStarted={onClose} />
        <PatienceSlider />
        <VoiceConsentSwitch tutor={tutor} me={me} alone />
        <RecognitionSwitch recognition={recognition} />
        <KeepAudioSwitch />
        <EnginesNote tutor={tutor} />
        <PrivacyNote tutor={tutor} className={classes.privacy} />
        <SoundButton onClick={onSound} />
      </Stack>
    </SideDrawer>
  );
}
