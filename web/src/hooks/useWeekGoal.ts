import { useMutation, useQuery } from "@tanstack/react-query";
import type { ApiError } from "../core/api-error";
import { parlor } from "../core/parlor";
import type { SetWeekGoal, WeekGoal } from "../protocol";
import { queryClient } from "./query-client";

const KEY = "week-goal";

// The next person in this browser must not see what belongs to the last one.
parlor.session.ended.on(() => void queryClient.resetQueries({ queryKey: [KEY] }));

export function useWeekGoal() {
  return useQuery<WeekGoal, ApiError>(
    { queryKey: [KEY], queryFn: ({ signal }) => parlor.api.get("/goal", { signal }), staleTime: 0 },
    queryClient,
  );
}

/** Null removes the goal. */
export function useSetWeekGoal() {
  return useMutation<WeekGoal, ApiError, SetWeekGoal | null>(
    {
      mutationFn: (goal) =>
        goal ? parlor.api.put<WeekGoal>("/goal", goal) : parlor.api.delete<WeekGoal>("/goal"),
      onSuccess: (week) => queryClient.setQueryData([KEY], week),
    },
    queryClient,
  );
}
