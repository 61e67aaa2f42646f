import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHandClick, IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type CallHook, useDialogue, useSend } from "../../hooks";
import { useNames } from "../../i18n/names";
import type { Participant, Tutor } from "../../protocol";
import { FallbackNote } from "./Engines";
import { LatestFeedback } from "./Feedback";
import { PrivacySummary } from "./Privacy";
import { TutorAvatar } from "./TutorAvatar";
import classes from "./TutorCard.module.css";
import { TutorDetails } from "./TutorDetails";
import { useNoSttText, useTutorStateText } from "./tutor-texts";

interface Props {
  call: CallHook;
  tutor: Tutor;
  me: Participant;
}

/** The tutor in a shared room: who listens, its state, and the actions for it. */
export function TutorCard({ call, tutor, me }: Props) {
  const { t } = useTranslation();
  const [opened, details] = useDisclosure(false);
  const send = useSend();
  const dialogue = useDialogue();
  const names = useNames();
  const line = useTutorStateText(tutor, call.isStale);
  const deaf = useNoSttText(tutor);
  return (
    <section className={classes.card} aria-label={t("tutor.card", { name: tutor.name })}>
      <div className={classes.strip}>
        <TutorAvatar tutor={tutor} isStale={call.isStale} />
        <div className={classes.about}>
          <p className={classes.name}>
            {tutor.name} <span className={classes.kind}>· {t("room.tutor")}</span>
          </p>
          <p className={classes.state} data-testid="tutor-state">
            {line}
          </p>
        </div>
        <div className={classes.actions}>
          <Button
            disabled={(tutor.status !== "ready" && tutor.status !== "resting") || call.isStale}
            leftSection={<IconHandClick size={18} aria-hidden="true" />}
            onClick={() => send("ask_tutor", {})}
          >
            {t(tutor.status === "resting" ? "tutor.callBack" : "tutor.ask", { name: tutor.name })}
          </Button>
          <Button
            variant="light"
            className={classes.details}
            leftSection={<IconInfoCircle size={18} aria-hidden="true" />}
            onClick={details.open}
          >
            <span className={classes.detailsText}>{t("tutor.options")}</span>
          </Button>
        </div>
      </div>
      <PrivacySummary
        tutor={tutor}
        className={classes.notice}
        lead={deaf ?? t(me.heardByTutor ? "tutor.hearsYou" : "tutor.doesNotHearYou", { name: tutor.name })}
      />
      {/* Only what people need to know is announced, not the state, which changes with every sentence. */}
      <div role="status">
        {tutor.status !== "ready" && !call.isStale && (
          <p className={classes.notice}>
            {t(`tutor.statusHints.${tutor.status}`, {
              language: names.languageInText(tutor.language),
              name: tutor.name,
            })}
          </p>
        )}
        <FallbackNote tutor={tutor} />
      </div>
      <LatestFeedback dialogue={dialogue} language={tutor.language} onAll={details.open} />
      <TutorDetails
        opened={opened}
        onClose={details.close}
        call={call}
        tutor={tutor}
        me={me}
        dialogue={dialogue}
      />
    </section>
  );
}
