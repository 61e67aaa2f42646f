import { Button } from "@mantine/core";
import {
  IconMicrophone,
  IconMicrophoneOff,
  IconPlayerPlay,
  IconPlayerStop,
  IconRotate,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ClassHook, ClassMark } from "../../hooks";
import classes from "./Courses.module.css";

interface Props {
  lesson: ClassHook;
  /** The part of the class that was heard before. */
  mark: ClassMark | undefined;
  sentences: number;
}

export function ClassControls({ lesson, mark, sentences }: Props) {
  const { t } = useTranslation();
  const isRunning = lesson.phase === "teaching" || lesson.phase === "connecting";
  const isFinished = lesson.phase === "finished" || lesson.phase === "over";
  const heard = isFinished ? null : (lesson.sentence ?? unfinished(mark));
  return (
    <div className={classes.controls}>
      {isRunning ? (
        <Button leftSection={<IconPlayerStop size={20} aria-hidden="true" />} onClick={lesson.stop}>
          {t("courses.stop")}
        </Button>
      ) : (
        <Start lesson={lesson} heard={heard} sentences={sentences} isFinished={isFinished} />
      )}
      {(isRunning || lesson.phase === "finished") && <MicrophoneButton lesson={lesson} />}
    </div>
  );
}

function unfinished(mark: ClassMark | undefined): number | null {
  return mark && !mark.isFinished ? mark.sentence : null;
}

interface StartProps {
  lesson: ClassHook;
  heard: number | null;
  sentences: number;
  isFinished: boolean;
}

function Start({ lesson, heard, sentences, isFinished }: StartProps) {
  const { t } = useTranslation();
  const play = <IconPlayerPlay size={20} aria-hidden="true" />;
  if (heard === null || heard >= sentences)
    return (
      <Button leftSection={play} onClick={() => lesson.start(0)}>
        {t(isFinished ? "courses.again" : "courses.start")}
      </Button>
    );
  return (
    <>
      <Button leftSection={play} onClick={() => lesson.start(heard)}>
        {t("courses.continue", { at: heard + 1, count: sentences })}
      </Button>
      {heard > 0 && (
        <Button
          variant="subtle"
          leftSection={<IconRotate size={20} aria-hidden="true" />}
          onClick={() => lesson.start(0)}
        >
          {t("courses.fromStart")}
        </Button>
      )}
    </>
  );
}

/** Named after what pressing it does, so it has no `aria-pressed`. */
function MicrophoneButton({ lesson }: { lesson: ClassHook }) {
  const { t } = useTranslation();
  const { isMicrophoneOn } = lesson;
  const Icon = isMicrophoneOn ? IconMicrophone : IconMicrophoneOff;
  return (
    <Button
      variant={isMicrophoneOn ? "filled" : "light"}
      leftSection={<Icon size={20} aria-hidden="true" />}
      loading={lesson.microphone === "asking"}
      onClick={() => lesson.setMicrophone(!isMicrophoneOn)}
    >
      {t(isMicrophoneOn ? "courses.microphoneOff" : "courses.microphoneOn")}
    </Button>
  );
}
