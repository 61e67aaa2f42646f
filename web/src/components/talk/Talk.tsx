import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { isLesson, isUnderWay, type TalkLesson, useTalk } from "../../hooks";
import { PageLayout } from "../layout/PageLayout";
import { useTopicName } from "../tutor/topics";
import { TalkEnded, TalkFailed } from "./TalkEnded";
import { TalkLive } from "./TalkLive";
import { TalkSetup } from "./TalkSetup";

/** Maximum length of a room's name. */
const MAX_NAME = 60;

/** The talk of this tab: before it, during it, after it. */
export function Talk() {
  const { t } = useTranslation();
  const talk = useTalk();
  const topicName = useTopicName();
  const [isSettingUp, setSettingUp] = useState(false);
  const start = (lesson: TalkLesson) => {
    setSettingUp(false);
    talk.start(lesson, t("practice.roomName", { topic: topicName(lesson.topic) }).slice(0, MAX_NAME));
  };
  useChosenLesson(start);
  if (isUnderWay(talk.stage))
    return (
      <>
        <title>{t("app.pageTitle", { page: t("talk.title") })}</title>
        <TalkLive talk={talk} />
      </>
    );
  const shown = {
    ...talk,
    resume: () => {
      setSettingUp(false);
      talk.resume();
    },
  };
  const setUp = () => {
    talk.discard();
    setSettingUp(true);
  };
  return (
    <PageLayout title={t("talk.page")} width="narrow">
      {isSettingUp || talk.stage === "idle" ? (
        <TalkSetup talk={shown} onStart={start} />
      ) : talk.stage === "ended" ? (
        <TalkEnded talk={talk} onAgain={setUp} />
      ) : (
        <TalkFailed talk={shown} onAgain={setUp} />
      )}
    </PageLayout>
  );
}

/** The practice page comes here by a click that starts a talk, with what was chosen there. */
function useChosenLesson(start: (lesson: TalkLesson) => void): void {
  const { state } = useLocation();
  const navigate = useNavigate();
  const isTaken = useRef(false);
  const lesson = (state as { lesson?: unknown } | null)?.lesson;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for the click that led here
  useEffect(() => {
    if (isTaken.current || !isLesson(lesson)) return;
    isTaken.current = true;
    // A later reload asks for a click.
    void navigate(".", { replace: true, state: null });
    start(lesson);
  }, [lesson]);
}
