import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type CallEnd, type EndReason, useStanding } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { StatusPage } from "../common/StatusPage";

/** The action that is offered besides finding another room. */
const AGAIN: Record<
  EndReason | "left_practice",
  "end.rejoin" | "end.knockAgain" | "end.continueHere" | "end.continueConversation" | "app.retry" | null
> = {
  left: "end.rejoin",
  left_practice: "end.continueConversation",
  signed_out: null,
  removed_by_host: null,
  joined_elsewhere: "end.continueHere",
  timed_out: "end.rejoin",
  room_closed: null,
  room_moved: "end.rejoin",
  room_full: "app.retry",
  room_locked: "app.retry",
  invite_invalid: null,
  removed_from_room: null,
  room_not_found: null,
  knock_declined: null,
  knock_expired: "end.knockAgain",
  knock_queue_full: "app.retry",
  rules_not_accepted: "app.retry",
  warning_not_read: "app.retry",
  error: "app.retry",
};

interface Props {
  end: CallEnd;
  /** Ends a practice room: offers the history instead of other rooms. */
  practice?: boolean;
  onAgain(): void;
}

/** Key of the texts for an end. */
export function endKind({ reason }: CallEnd, practice: boolean): EndReason | "left_practice" {
  return practice && reason === "left" ? "left_practice" : reason;
}

/** Why this person is not in the room, and what they can do. */
export function EndView({ end, practice = false, onAgain }: Props) {
  const { t } = useTranslation();
  const kind = endKind(end, practice);
  useEntryAfterWarning(kind === "warning_not_read", onAgain);
  const again = AGAIN[kind];
  const text = kind === "error" && end.problem ? errorText(t, end.problem) : t(`end.${kind}.text`);
  return (
    <StatusPage title={t(`end.${kind}.title`)} text={text} autoFocus>
      {again && <Button onClick={onAgain}>{t(again)}</Button>}
      <Button
        component={Link}
        to={practice ? "/practice/history" : "/rooms"}
        variant={again ? "default" : "filled"}
      >
        {t(practice ? "practice.history" : "end.findRoom")}
      </Button>
    </StatusPage>
  );
}

/** Goes on by itself once a person who must read a warning first has read the last one. */
function useEntryAfterWarning(isWaiting: boolean, goOn: () => void): void {
  const unread = useStanding()?.warnings.length;
  const before = useRef(unread);
  useEffect(() => {
    if (isWaiting && before.current && unread === 0) goOn();
    before.current = unread;
  }, [isWaiting, unread, goOn]);
}
