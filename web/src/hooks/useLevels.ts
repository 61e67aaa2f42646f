import { useQuery } from "@tanstack/react-query";
import { parlor } from "../core/parlor";
import type { LevelInfo, LevelList } from "../protocol";
import { queryClient } from "./query-client";

const NONE: LevelInfo[] = [];

export function useLevels(): { levels: LevelInfo[] } {
  const { data } = useQuery(
    {
      queryKey: ["levels"],
      queryFn: ({ signal }) => parlor.api.get<LevelList>("/levels", { signal, token: null }),
      staleTime: Number.POSITIVE_INFINITY,
    },
    queryClient,
  );
  return { levels: data?.items ?? NONE };
}
