import { useMutation, useQuery } from "@tanstack/react-query";
import { useStore } from "zustand";
import { account } from "../core/account";
import type { ApiError } from "../core/api-error";
import { standingChanged } from "../core/standing";
import type { PrivacyFacts, ReportReason, Standing } from "../protocol";
import { forgetAtSignOut } from "./own-data";
import { queryClient } from "./query-client";

const STANDING = "standing";
const { api, session } = account;

forgetAtSignOut(STANDING);
standingChanged.on(() => {
  void queryClient.invalidateQueries({ queryKey: [STANDING] });
  // A ban says so here; its end lets the page back in.
  void session.refresh();
});

/** The moderators' decisions about this person; undefined until they are loaded, and for people who are signed out. */
export function useStanding(): Standing | undefined {
  const userId = useStore(session.store, ({ user, ban }) => (ban ? undefined : user?.id));
  const { data } = useQuery<Standing, ApiError>(
    {
      queryKey: [STANDING, userId],
      queryFn: ({ signal }) => api.get("/users/me/standing", { signal }),
      enabled: userId !== undefined,
      staleTime: 60_000,
    },
    queryClient,
  );
  return userId === undefined ? undefined : data;
}

/** Of a person, from a room in which both have been or from a profile. `lineId`: of the chat line it is about. */
export interface ReportDraft {
  targetId: string;
  reason: ReportReason;
  words: string;
  roomId?: string | undefined;
  lineId?: string | undefined;
}

/** They reject with ApiError. */
export interface SafetyActions {
  report(draft: ReportDraft): Promise<void>;
  acknowledge(warningId: string): Promise<void>;
  object(words: string): Promise<void>;
}

async function report({ roomId, lineId, ...about }: ReportDraft): Promise<void> {
  if (roomId === undefined) await api.post("/reports", about);
  else await api.post(`/rooms/${roomId}/reports`, { ...about, ...(lineId ? { lineId } : {}) });
}

export function useSafetyActions(): SafetyActions {
  const { mutateAsync } = useMutation<void, ApiError, string>(
    {
      mutationFn: (id) => api.post<void>(`/users/me/warnings/${id}/acknowledge`),
      onSuccess: () => queryClient.invalidateQueries({ queryKey: [STANDING] }),
    },
    queryClient,
  );
  return {
    report,
    acknowledge: mutateAsync,
    object: (words) => api.post<void>("/users/me/objection", { words }),
  };
}

export function usePrivacyFacts() {
  return useQuery<PrivacyFacts, ApiError>(
    { queryKey: ["privacy"], queryFn: ({ signal }) => api.get("/privacy", { signal }) },
    queryClient,
  );
}
