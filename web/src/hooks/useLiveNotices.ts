import { useEffect } from "react";
import { useStore } from "zustand";
import { claimNotice, onNotices, unreadCounted } from "../core/notices";
import { parlor } from "../core/parlor";
import { pushDevice } from "../core/push-device";
import type { Locale } from "../core/settings";
import { local } from "../core/storage";
import type { Notice, NoticePage } from "../protocol";
import { useIsInCall } from "./useIsInCall";

/**
 * Keeps the number of unread notices right while somebody is signed in, and calls `show` with each new notice in one of
 * their visible tabs. In a room, the room's socket brings the notices.
 */
export function useLiveNotices(show: (notice: Notice) => Promise<void>, locale: Locale): void {
  const userId = useStore(parlor.session.store, ({ user }) => user?.id);
  const isInCall = useIsInCall();
  useEffect(() => {
    if (userId === undefined || isInCall) return;
    const unwatch = parlor.lobby.watch();
    const refresh = () => void countUnread().catch(() => {}); // the next connection asks again
    if (parlor.lobby.store.getState().isLive) refresh();
    // Notices are not sent while there is no connection.
    const unsubscribe = parlor.lobby.store.subscribe((now, before) => {
      if (now.isLive && !before.isLive) refresh();
    });
    return () => {
      unsubscribe();
      unwatch();
    };
  }, [userId, isInCall]);
  useEffect(
    () =>
      onNotices(async ({ notice, unread }) => {
        void settle(unread).catch(() => {}); // they stay until the person closes them
        if (!notice || document.visibilityState === "hidden") return;
        const isOurs = await claimNotice(notice.id, { storage: local, locks: navigator.locks });
        if (isOurs) await show(notice).catch(() => {}); // the bell says that there is one
      }),
    [show],
  );
  useEffect(() => {
    if (userId !== undefined) void pushDevice.renew(locale).catch(() => {}); // the next visit tries again
  }, [userId, locale]);
}

async function countUnread(): Promise<void> {
  const { unread } = await parlor.api.get<NoticePage>("/notices", { query: { limit: 1 } });
  unreadCounted(unread);
  await settle(unread);
}

/** Notices that were read, here or elsewhere, need no notification any more. */
async function settle(unread: number): Promise<void> {
  if (unread === 0) await pushDevice.clear();
}
