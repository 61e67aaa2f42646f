import { VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type RoomEvent, useRoomEvents, useSettings } from "../../hooks";
import { composeAnnouncement, spokenAfter } from "./announcements";

/** Long enough to batch a group that arrives together, short enough to be current. */
const BATCH_MS = 1500;

/** Announces room events to screen readers, politely and in batches. */
export function Announcer() {
  const { t, i18n } = useTranslation();
  const { announce } = useSettings();
  const [text, setText] = useState("");
  const pending = useRef<RoomEvent[]>([]);
  const timer = useRef<number | undefined>(undefined);
  const compose = useRef<(events: RoomEvent[]) => string>(() => "");
  compose.current = (events) => composeAnnouncement(t, i18n.language, events, announce);

  useRoomEvents((event) => {
    pending.current.push(event);
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      const announcement = compose.current(pending.current.splice(0));
      if (announcement) setText((last) => spokenAfter(last, announcement));
    }, BATCH_MS);
  });
  useEffect(() => () => window.clearTimeout(timer.current), []);

  return (
    <VisuallyHidden role="log" aria-live="polite" aria-atomic="true" data-testid="announcer">
      {text}
    </VisuallyHidden>
  );
}
