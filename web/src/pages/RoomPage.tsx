import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useLocation, useNavigate, useParams, useSearchParams } from "react-router";
import { LazyPart } from "../components/common/LazyPart";
import { PageLayout } from "../components/layout/PageLayout";
import { AtTheDoor } from "../components/prejoin/AtTheDoor";
import { RoomEntrance } from "../components/prejoin/RoomEntrance";
import { useResume } from "../components/prejoin/useResume";
import { EndView, endKind } from "../components/room/EndView";
import { Joining } from "../components/room/Joining";
import { RoomView } from "../components/room/RoomView";
import { loadedLater } from "../core/lazy-load";
import { linkPart, useCall, useMicrophone, useSession, useSettings } from "../hooks";
import { speakOf } from "../i18n";
import type { RoomNode } from "../protocol";

/** `PracticePage` has requested this code before. */
const practiceView = loadedLater(
  async () => (await import("../components/practice/PracticeView")).PracticeView,
);

const talkSummary = loadedLater(async () => (await import("../components/review/TalkSummary")).TalkSummary);

const houseRules = loadedLater(async () => {
  const [{ HouseRules }] = await Promise.all([import("../components/safety/HouseRules"), speakOf("safety")]);
  return HouseRules;
});

export default function RoomPage() {
  const { roomId = "" } = useParams();
  const [params] = useSearchParams();
  const invite = params.get("invite");
  const cleanId = linkPart(roomId);
  const cleanInvite = invite && linkPart(invite);
  // People copy and click links together with the punctuation around them.
  if (cleanId !== roomId || cleanInvite !== invite) {
    const search = cleanInvite ? `?invite=${cleanInvite}` : "";
    return <Navigate to={`/rooms/${encodeURIComponent(cleanId)}${search}`} replace />;
  }
  return <RoomById key={roomId} roomId={roomId} />;
}

/** One room, before, during and after the call. Another page leaves it: see `LeaveOnNavigation`. */
function RoomById({ roomId }: { roomId: string }) {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const invite = params.get("invite") ?? undefined;
  const call = useCall();
  const { status } = useSession();
  const { laterFeedback } = useSettings();
  const [hasTried, setHasTried] = useState(false);
  const { join: joinRoom, leave, reset } = call;
  const navigate = useNavigate();
  const { state, search } = useLocation();
  // The practice page navigates here to join at once.
  const enters = (state as { enter?: boolean } | null)?.enter === true;

  const joinAt = useCallback(
    (node: RoomNode | null) => {
      setHasTried(true);
      // A later reload asks before joining again.
      if (enters) void navigate({ search }, { replace: true, state: null });
      void joinRoom({ roomId, node, ...(invite ? { invite } : {}) });
    },
    [joinRoom, roomId, invite, enters, navigate, search],
  );
  const join = useCallback(() => joinAt(null), [joinAt]);

  const { startAgain } = useMicrophone();
  const joinAgain = useCallback(() => {
    join();
    void startAgain();
  }, [join, startAgain]);

  const goFromDoor = useCallback(() => {
    void leave();
    reset();
    setHasTried(false);
  }, [leave, reset]);

  useResume(status === "signed-in" && !hasTried && (enters || call.canResume(roomId)), join);

  const { phase, room, me, end, knocking } = call;
  // The call outlives this page's state, so its phase counts only for this room.
  const isHere = hasTried || room?.id === roomId;
  if (isHere && (phase === "joined" || phase === "reconnecting") && room && me) {
    return (
      <>
        <title>{t("app.pageTitle", { page: room.name })}</title>
        {room.type === "ai" && room.tutor ? (
          <LazyPart load={practiceView} props={{ call, tutor: room.tutor, me }} />
        ) : (
          <RoomView call={call} room={room} me={me} />
        )}
      </>
    );
  }
  if (isHere && phase === "knocking" && knocking) {
    return (
      <PageLayout title={t("door.waiting")}>
        <AtTheDoor invite={invite} knocking={knocking} onCancel={goFromDoor} />
      </PageLayout>
    );
  }
  if (isHere && (phase === "joining" || phase === "reconnecting" || phase === "joined")) {
    return (
      <PageLayout title={t("room.joining")}>
        <Joining call={call} />
      </PageLayout>
    );
  }
  if (hasTried && phase === "ended" && end?.reason === "rules_not_accepted") {
    return (
      <PageLayout title={t("app.rules")}>
        <LazyPart load={houseRules} props={{ onAccepted: joinAgain }} />
      </PageLayout>
    );
  }
  if (hasTried && phase === "ended" && end) {
    const practice = room?.type === "ai";
    return (
      <PageLayout title={t(`end.${endKind(end, practice)}.title`)}>
        <EndView end={end} practice={practice} onAgain={joinAgain} />
        {(practice || laterFeedback) && room?.tutor && (
          <LazyPart
            load={talkSummary}
            props={{ conversationId: room.tutor.conversationId, hasJustEnded: true }}
          />
        )}
      </PageLayout>
    );
  }
  return <RoomEntrance roomId={roomId} invite={invite} onJoin={joinAt} />;
}
