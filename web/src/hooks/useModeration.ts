import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { account } from "../core/account";
import type { ApiError } from "../core/api-error";
import type { LogPage, NewSanction, ReportDetail, ReportPage, ReportState, SanctionPage } from "../protocol";
import { forgetAtSignOut } from "./own-data";
import { queryClient } from "./query-client";

const KEY = "moderation";
const { api } = account;

forgetAtSignOut(KEY);

interface Page {
  nextCursor: string | null;
}

function usePages<P extends Page>(path: string, query: Record<string, string>) {
  const found = useInfiniteQuery<P, ApiError, P[], string[], string | null>(
    {
      queryKey: [KEY, path, ...Object.values(query)],
      queryFn: ({ pageParam, signal }) =>
        api.get(`/moderation/${path}`, { query: { ...query, cursor: pageParam }, signal }),
      initialPageParam: null,
      getNextPageParam: ({ nextCursor }) => nextCursor,
      select: ({ pages }) => pages,
      staleTime: 0,
    },
    queryClient,
  );
  return {
    pages: found.data,
    error: found.error,
    hasMore: found.hasNextPage,
    loadMore: () => void found.fetchNextPage(),
  };
}

export const useReports = (state: ReportState) => usePages<ReportPage>("reports", { state });
export const useSanctions = (state: "active" | "objected") => usePages<SanctionPage>("sanctions", { state });
export const useModerationLog = () => usePages<LogPage>("log", {});

export function useReport(id: string) {
  return useQuery<ReportDetail, ApiError>(
    {
      queryKey: [KEY, "report", id],
      queryFn: ({ signal }) => api.get(`/moderation/reports/${encodeURIComponent(id)}`, { signal }),
      staleTime: 0,
    },
    queryClient,
  );
}

/** They reject with ApiError. */
export interface ModerationActions {
  decide(sanction: NewSanction): Promise<void>;
  dismiss(reportId: string, note: string): Promise<void>;
  undo(sanctionId: string): Promise<void>;
}

export function useModerationActions(): ModerationActions {
  const { mutateAsync } = useMutation<void, ApiError, () => Promise<void>>(
    {
      mutationFn: (work) => work(),
      // Also after a refusal: another moderator may have been faster.
      onSettled: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
    },
    queryClient,
  );
  return {
    decide: (sanction) => mutateAsync(() => api.post("/moderation/sanctions", sanction)),
    dismiss: (reportId, note) =>
      mutateAsync(() => api.post(`/moderation/reports/${reportId}/dismiss`, { note })),
    undo: (sanctionId) => mutateAsync(() => api.post(`/moderation/sanctions/${sanctionId}/undo`, {})),
  };
}
