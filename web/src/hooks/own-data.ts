import { account } from "../core/account";
import { queryClient } from "./query-client";

/** Forgets what was read under these keys when the session ends: the next person in this browser must not see it. */
export function forgetAtSignOut(...keys: string[]): void {
  account.session.ended.on(() => {
    for (const key of keys) void queryClient.resetQueries({ queryKey: [key] });
  });
}
