import { useMutation, useQuery } from "@tanstack/react-query";
import { account } from "../core/account";
import type { ApiError } from "../core/api-error";
import type { SetWeekGoal, WeekGoal } from "../protocol";
import { forgetAtSignOut } from "./own-data";
import { queryClient } from "./query-client";

const KEY = "week-goal";

forgetAtSignOut(KEY);

export function useWeekGoal() {
  return useQuery<WeekGoal, ApiError>(
    { queryKey: [KEY], queryFn: ({ signal }) => account.api.get("/goal", { signal }), staleTime: 0 },
    queryClient,
  );
}

/** Null removes the goal. */
export function useSetWeekGoal() {
  return useMutation<WeekGoal, ApiError, SetWeekGoal | null>(
    {
      mutationFn: (goal) =>
        goal ? account.api.put<WeekGoal>("/goal", goal) : account.api.delete<WeekGoal>("/goal"),
      onSuccess: (week) => queryClient.setQueryData([KEY], week),
    },
    queryClient,
  );
}
