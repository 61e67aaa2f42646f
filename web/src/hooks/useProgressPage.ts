import { useQuery } from "@tanstack/react-query";
import { account } from "../core/account";
import type { ApiError } from "../core/api-error";
import type { Achievements, Streak, WeekSummary } from "../protocol";
import { forgetAtSignOut } from "./own-data";
import { queryClient } from "./query-client";

const KEY = "progress-page";

forgetAtSignOut(KEY);

// Today may be another day then.
account.session.store.subscribe((now, before) => {
  if (now.user && now.user.timeZone !== before.user?.timeZone)
    void queryClient.invalidateQueries({ queryKey: [KEY] });
});

/** Read again whenever a page shows it: a talk may have added to it. */
function useOwn<T>(path: string) {
  return useQuery<T, ApiError>(
    { queryKey: [KEY, path], queryFn: ({ signal }) => account.api.get(path, { signal }), staleTime: 0 },
    queryClient,
  );
}

/** Days in a row, and the last five weeks day by day. */
export const useStreak = () => useOwn<Streak>("/progress/streak");
export const useAchievements = () => useOwn<Achievements>("/progress/achievements");
/** The last whole week. */
export const useLastWeek = () => useOwn<WeekSummary>("/progress/week");
