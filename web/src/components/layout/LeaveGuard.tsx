import { Button, Group, Modal, Text } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useBlocker, useLocation, useNavigate } from "react-router";
import { useCall, useSocketTalk } from "../../hooks";

/**
 * Asks before Back, Forward or a link leaves a call, or a talk with the tutor; the call goes on meanwhile. The browser itself asks before the tab
 * closes or reloads, but only while the microphone is open: a muted listener loses nothing by coming back.
 */
export function LeaveGuard() {
  const { t } = useTranslation();
  const { phase, room, isMuted, leave } = useCall();
  const talk = useSocketTalk();
  const seated = phase === "joined" || phase === "reconnecting" ? room : null;
  const isSeated = seated !== null || talk !== null;
  const isSpeaker = isSeated && !(talk ?? { isMuted }).isMuted;
  useOwnHistoryEntry(isSeated);
  const blocker = useBlocker(
    ({ nextLocation, historyAction }) =>
      isSeated && (historyAction === "POP" || nextLocation.pathname !== `/rooms/${seated?.id}`),
  );
  const { state, reset } = blocker;

  // The call ended meanwhile: its page says why.
  useEffect(() => {
    if (state === "blocked" && !isSeated) reset();
  }, [state, reset, isSeated]);

  useEffect(() => {
    if (!isSpeaker) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isSpeaker]);

  const confirm = () => {
    if (talk) talk.leave();
    else void leave();
    blocker.proceed?.();
  };

  const kind = talk || seated?.type === "ai" ? "practice" : "room";
  return (
    <Modal
      opened={state === "blocked"}
      onClose={() => reset?.()}
      title={t(`room.leaveGuard.${kind}.title`)}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <Text>{t(`room.leaveGuard.${kind}.text`)}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={confirm}>
          {t("room.leave")}
        </Button>
        <Button data-autofocus onClick={() => reset?.()}>
          {t("room.leaveGuard.stay")}
        </Button>
      </Group>
    </Modal>
  );
}

/**
 * After a link has opened the room, Back would leave the whole page, and browsers let no page ask about that. A second
 * history entry of the same address keeps the first Back within the page.
 */
function useOwnHistoryEntry(isSeated: boolean): void {
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  useEffect(() => {
    const isFirst = (window.history.state as { idx?: number } | null)?.idx === 0;
    if (isSeated && isFirst) void navigate({ pathname, search });
  }, [isSeated, navigate, pathname, search]);
}
