import { useStore } from "zustand";
import { account } from "../core/account";
import { unreadNotices } from "../core/notices";

account.session.ended.on(() => unreadNotices.setState({ count: 0 }));

/** The number of the person's unread notices. It does without the code of queries, because every page has the bell. */
export function useUnreadNotices(): number {
  return useStore(unreadNotices, ({ count }) => count);
}
