import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import {
  type CallHook,
  useHoldToSpeak,
  usePatience,
  usePracticeDialogue,
  useRecognition,
  useSend,
  useSession,
  useSettings,
  useWakeLock,
} from "../../hooks";
import type { Participant, Tutor } from "../../protocol";
import { RoomClassPart } from "../classroom/RoomClassPart";
import { SideDrawer } from "../common/SideDrawer";
import { ConnectionNotices } from "../room/ConnectionNotices";
import { useMicrophoneToasts, useRoomToasts } from "../room/toasts";
import { SettingsDrawer } from "../settings/SettingsDrawer";
import { EnginesNote } from "../tutor/Engines";
import { corrections, FeedbackAnnouncer, FeedbackPanel } from "../tutor/Feedback";
import { PrivacySummary } from "../tutor/Privacy";
import { useRecognitionToasts } from "../tutor/useRecognitionToasts";
import { Composer } from "./Composer";
import { DialogueView } from "./DialogueView";
import { PracticeHeader } from "./PracticeHeader";
import classes from "./PracticeView.module.css";
import { TopicModal } from "./TopicModal";
import { TutorDrawer } from "./TutorDrawer";
import { TutorNotice } from "./TutorNotice";

interface Props {
  call: CallHook;
  tutor: Tutor;
  me: Participant;
}

/** Practice with the tutor: the conversation, its corrections, and the controls to speak. */
export function PracticeView({ call, tutor, me }: Props) {
  const { t } = useTranslation();
  const [topicOpen, topic] = useDisclosure(false);
  const [tutorOpen, options] = useDisclosure(false);
  const [soundOpen, sound] = useDisclosure(false);
  const [feedbackOpen, feedback] = useDisclosure(false);
  const { handsFree } = useSettings();
  const { user } = useSession();
  const send = useSend();
  const hold = useHoldToSpeak(!handsFree && me.heardByTutor);
  const recognition = useRecognition(tutor.language, me.heardByTutor);
  usePatience();
  const dialogue = usePracticeDialogue({
    conversationId: tutor.conversationId,
    meId: me.id,
    phase: call.phase,
    keepsAudio: user?.keepMyAudio ?? false,
  });
  useWakeLock(true);
  useRoomToasts();
  useMicrophoneToasts();
  useRecognitionToasts(recognition);
  const panel = (
    <FeedbackPanel dialogue={dialogue} language={tutor.language} onAsk={() => send("ask_feedback", {})} />
  );
  return (
    <div className={classes.view}>
      <PracticeHeader
        tutor={tutor}
        isStale={call.isStale}
        corrections={corrections(dialogue).length}
        onTopic={topic.open}
        onTutor={options.open}
        onFeedback={feedback.open}
      />
      <main id="content" tabIndex={-1} className={classes.main}>
        <div className={classes.dialogue}>
          <div className={classes.notices}>
            <ConnectionNotices call={call} />
            {!call.isStale && <TutorNotice tutor={tutor} heard={me.heardByTutor} />}
            {tutor.teaches && <RoomClassPart taught={tutor.teaches} isHost isStale={call.isStale} />}
          </div>
          <DialogueView
            dialogue={dialogue}
            tutor={tutor}
            onMend={(turnId, text) => send("mend_words", { turnId, text })}
          />
        </div>
        <aside className={classes.aside} aria-label={t("tutor.feedback")}>
          <h2 className={classes.heading}>{t("tutor.feedback")}</h2>
          {panel}
          <EnginesNote tutor={tutor} />
        </aside>
      </main>
      <Composer call={call} hold={hold} language={tutor.language} heard={me.heardByTutor}>
        <PrivacySummary tutor={tutor} className={classes.privacy} />
      </Composer>
      <TopicModal opened={topicOpen} onClose={topic.close} tutor={tutor} />
      <SideDrawer opened={feedbackOpen} onClose={feedback.close} title={t("tutor.feedback")}>
        {panel}
      </SideDrawer>
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
      <FeedbackAnnouncer dialogue={dialogue} />
      <SettingsDrawer opened={soundOpen} onClose={sound.close} />
    </div>
  );
}
