import { Drawer } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import {
  type CallHook,
  useHoldToSpeak,
  usePracticeTalk,
  useRecognition,
  useSession,
  useTutorActions,
  useTutorChoices,
  useWakeLock,
} from "../../hooks";
import type { Participant, Tutor } from "../../protocol";
import { Notices } from "../room/Notices";
import { useMicrophoneToasts } from "../room/useMicrophoneToasts";
import { useRoomToasts } from "../room/useRoomToasts";
import { SettingsDrawer } from "../settings/SettingsDrawer";
import { EnginesNote } from "../tutor/EnginesNote";
import { corrections, FeedbackAnnouncer, FeedbackPanel } from "../tutor/FeedbackPanel";
import { PrivacyLine } from "../tutor/PrivacyLine";
import { useRecognitionToasts } from "../tutor/useRecognitionToasts";
import { Chat } from "./Chat";
import { Composer } from "./Composer";
import { PracticeHeader } from "./PracticeHeader";
import classes from "./PracticeView.module.css";
import { SubjectModal } from "./SubjectModal";
import { TutorDrawer } from "./TutorDrawer";
import { TutorNotice } from "./TutorNotice";

interface Props {
  call: CallHook;
  tutor: Tutor;
  me: Participant;
}

/** Alone with the tutor: the talk as a chat, what was corrected, and the ways to speak. */
export function PracticeView({ call, tutor, me }: Props) {
  const { t } = useTranslation();
  const [subjectOpen, subject] = useDisclosure(false);
  const [tutorOpen, options] = useDisclosure(false);
  const [soundOpen, sound] = useDisclosure(false);
  const [feedbackOpen, feedback] = useDisclosure(false);
  const { handsFree } = useTutorChoices();
  const { user } = useSession();
  const { askFeedback } = useTutorActions();
  const hold = useHoldToSpeak(!handsFree && me.heardByTutor);
  const recognition = useRecognition(tutor.language, me.heardByTutor);
  const talk = usePracticeTalk({
    conversationId: tutor.conversationId,
    meId: me.id,
    phase: call.phase,
    keepsAudio: user?.keepMyAudio ?? false,
  });
  useWakeLock(true);
  useRoomToasts();
  useMicrophoneToasts();
  useRecognitionToasts(recognition);
  const panel = <FeedbackPanel talk={talk} language={tutor.language} onAsk={askFeedback} />;
  return (
    <div className={classes.view}>
      <PracticeHeader
        tutor={tutor}
        corrections={corrections(talk).length}
        onSubject={subject.open}
        onTutor={options.open}
        onFeedback={feedback.open}
      />
      <main id="content" tabIndex={-1} className={classes.main}>
        <div className={classes.talk}>
          <div className={classes.notices}>
            <Notices call={call} />
            <TutorNotice tutor={tutor} heard={me.heardByTutor} />
          </div>
          <Chat talk={talk} tutor={tutor} />
        </div>
        <aside className={classes.aside} aria-label={t("tutor.feedback")}>
          <h2 className={classes.heading}>{t("tutor.feedback")}</h2>
          {panel}
          <EnginesNote tutor={tutor} />
        </aside>
      </main>
      <Composer call={call} hold={hold} language={tutor.language} heard={me.heardByTutor}>
        <PrivacyLine tutor={tutor} className={classes.privacy} />
      </Composer>
      <SubjectModal opened={subjectOpen} onClose={subject.close} tutor={tutor} />
      <Drawer
        opened={feedbackOpen}
        onClose={feedback.close}
        position="right"
        title={t("tutor.feedback")}
        closeButtonProps={{ "aria-label": t("app.close") }}
      >
        {panel}
      </Drawer>
      <TutorDrawer
        opened={tutorOpen}
        onClose={options.close}
        onSound={() => {
          options.close();
          sound.open();
        }}
        tutor={tutor}
        me={me}
        recognition={recognition}
      />
      <FeedbackAnnouncer talk={talk} />
      <SettingsDrawer opened={soundOpen} onClose={sound.close} />
    </div>
  );
}
