import { useQuery } from "@tanstack/react-query";
import { parlor } from "../core/parlor";
import type { TutorOffer } from "../protocol";
import { queryClient } from "./query-client";

const STALE_MS = 60_000;

/** The languages in which there is a tutor, as primary tags; null: in any, as far as is known. */
export function useTutorOffer(): string[] | null {
  const { data } = useQuery(
    {
      queryKey: ["tutor"],
      queryFn: ({ signal }) => parlor.api.get<TutorOffer>("/tutor", { signal }),
      staleTime: STALE_MS,
    },
    queryClient,
  );
  return data?.languages ?? null;
}
