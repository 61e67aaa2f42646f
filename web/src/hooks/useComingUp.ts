import { useEffect, useState } from "react";
import { account } from "../core/account";
import type { EventPage, ListedEvent } from "../protocol";

/** The next three public events, once; without the code of calls. Empty until they are known. */
export function useComingUp(): ListedEvent[] {
  const [events, setEvents] = useState<ListedEvent[]>([]);
  useEffect(() => {
    const ended = new AbortController();
    account.api.get<EventPage>("/events", { query: { limit: 3 }, signal: ended.signal, token: null }).then(
      (page) => setEvents(page.items),
      () => {}, // the page is complete without them
    );
    return () => ended.abort();
  }, []);
  return events;
}
