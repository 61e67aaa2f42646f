import { useQuery } from "@tanstack/react-query";
import { parlor } from "../core/parlor";
import type { TutorOffer } from "../protocol";
import { queryClient } from "./query-client";

const STALE_MS = 60_000;

/** Languages that the tutor speaks, as primary tags; null if any or not known. */
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
