import { useStore } from "zustand";
import { account } from "../core/account";
import { unreadNotices } from "../core/notices";

account.session.ended.on(() => unreadNotices.setState({ count: 0 }));

/** How many notices the person has not read. Without the code of queries: every page has the bell. */
export function useUnreadNotices(): number {
  return useStore(unreadNotices, ({ count }) => count);
}
