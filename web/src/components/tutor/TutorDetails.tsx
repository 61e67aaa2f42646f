import { useTranslation } from "react-i18next";
import { loadedLater } from "../../core/lazy-load";
import { type CallHook, type Dialogue, useLaterFeedback, usePatience, useRecognition } from "../../hooks";
import type { Participant, Tutor } from "../../protocol";
import { LazyPart } from "../common/LazyPart";
import { SideDrawer } from "../common/SideDrawer";
import { useRecognitionToasts } from "./useRecognitionToasts";

const options = loadedLater(async () => (await import("./TutorOptions")).TutorOptions);

interface Props {
  opened: boolean;
  onClose(): void;
  call: CallHook;
  tutor: Tutor;
  me: Participant;
  dialogue: Dialogue;
}

/** Options for the tutor of a room: the person's own and, for the host, those of the room. */
export function TutorDetails({ opened, onClose, call, tutor, me, dialogue }: Props) {
  const { t } = useTranslation();
  const recognition = useRecognition(tutor.language, me.heardByTutor);
  usePatience();
  useLaterFeedback();
  useRecognitionToasts(recognition);
  return (
    <SideDrawer opened={opened} onClose={onClose} title={t("tutor.card", { name: tutor.name })}>
      <LazyPart load={options} props={{ call, tutor, me, dialogue, recognition }} />
    </SideDrawer>
  );
}
