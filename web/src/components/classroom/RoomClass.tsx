import { Button } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop, IconRotate, IconSchool } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useClassText, useSend } from "../../hooks";
import type { ClassText, TaughtClass } from "../../protocol";
import { Sentences } from "../courses/Sentences";
import classes from "./RoomClass.module.css";

interface Props {
  taught: TaughtClass;
  isHost: boolean;
  /** The server is out of reach. */
  isStale: boolean;
}

/** The class that the tutor teaches the room: where it is, for everybody, and the host's buttons. */
export function RoomClass({ taught, isHost, isStale }: Props) {
  const { t } = useTranslation();
  const { data } = useClassText(taught.courseId, String(taught.moduleIndex), String(taught.subTopicIndex));
  const at = taught.sentence + 1;
  const progress = t("classroom.sentence", { at, count: taught.sentences });
  return (
    <section className={classes.panel} aria-labelledby="room-class">
      <div className={classes.head}>
        <IconSchool size={20} aria-hidden="true" />
        <h2 id="room-class">
          <span className={classes.kind}>{t("classroom.class")}</span>{" "}
          <span lang={data?.language}>{taught.title}</span>
        </h2>
      </div>
      <p role="status" className={classes.phase} data-testid="class-phase">
        {t(`classroom.phases.${taught.phase}`)}
      </p>
      <progress className={classes.bar} max={taught.sentences} value={at} aria-label={progress} />
      <p className={classes.note}>{progress}</p>
      {data && <Now text={data} taught={taught} />}
      {isHost && <HostButtons taught={taught} isStale={isStale} />}
      {data && (
        <details className={classes.whole}>
          <summary>{t("classroom.wholeText")}</summary>
          <Sentences text={data} current={taught.sentence} isRunning={false} />
        </details>
      )}
    </section>
  );
}

/** The sentence or the question that the class is at. */
function Now({ text, taught }: { text: ClassText; taught: TaughtClass }) {
  const { t } = useTranslation();
  const question = taught.question === null ? undefined : text.questions[taught.question];
  if (question)
    return (
      <div className={classes.now} aria-current="step">
        <p className={classes.note}>
          {t("classroom.question", { at: (taught.question ?? 0) + 1, count: taught.questions })}
        </p>
        <p lang={text.language}>{question.text}</p>
      </div>
    );
  return (
    <p className={classes.now} lang={text.language} aria-current="step" data-testid="class-sentence">
      {text.sentences[taught.sentence]}
    </p>
  );
}

function HostButtons({ taught, isStale }: { taught: TaughtClass; isStale: boolean }) {
  const { t } = useTranslation();
  const send = useSend();
  const isPaused = taught.phase === "paused";
  const Icon = isPaused ? IconPlayerPlay : IconPlayerPause;
  return (
    <fieldset className={classes.buttons}>
      <legend className={classes.note}>{t("classroom.forHost")}</legend>
      <Button
        disabled={isStale}
        leftSection={<Icon size={18} aria-hidden="true" />}
        onClick={() => send("control_class", { action: isPaused ? "go_on" : "pause" })}
      >
        {t(isPaused ? "classroom.goOn" : "classroom.pause")}
      </Button>
      <Button
        variant="light"
        disabled={isStale}
        leftSection={<IconRotate size={18} aria-hidden="true" />}
        onClick={() => send("control_class", { action: "again" })}
      >
        {t("classroom.again")}
      </Button>
      {taught.phase === "asking" && (
        <Button variant="light" disabled={isStale} onClick={() => send("control_class", { action: "go_on" })}>
          {t("classroom.skip")}
        </Button>
      )}
      <Button
        variant="subtle"
        disabled={isStale}
        leftSection={<IconPlayerStop size={18} aria-hidden="true" />}
        onClick={() => send("control_class", { action: "stop" })}
      >
        {t("classroom.stop")}
      </Button>
    </fieldset>
  );
}
