import { type InfiniteData, useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ApiError } from "../core/api-error";
import { parlor } from "../core/parlor";
import type {
  CalendarFeed,
  ChangeEvent,
  CreateEvent,
  EnteredEvent,
  EventPage,
  EventView,
  ListedEvent,
  NewCalendarFeed,
  RegisteredPeople,
  TakePlace,
} from "../protocol";
import { forgetAtSignOut } from "./own-data";
import { queryClient } from "./query-client";

const KEY = "events";
/** Events that are loaded together. */
const PAGE = 50;

forgetAtSignOut(KEY);

/** Asks again when places or times change. */
function useLiveEvents(): void {
  useEffect(() => {
    const unwatch = parlor.lobby.watch();
    const unsubscribe = parlor.lobby.changes.on((change) => {
      if (change.name === "events_changed") void queryClient.invalidateQueries({ queryKey: [KEY] });
    });
    return () => {
      unsubscribe();
      unwatch();
    };
  }, []);
}

export interface EventsHook {
  events: ListedEvent[];
  isLoading: boolean;
  /** Null while there is something to show. */
  error: ApiError | null;
  hasMore: boolean;
  loadMore(): void;
}

/** The next events, public or one's own, page by page. */
export function useEvents(mine: boolean): EventsHook {
  useLiveEvents();
  const result = useInfiniteQuery<
    EventPage,
    ApiError,
    InfiniteData<EventPage>,
    (string | boolean)[],
    string | null
  >(
    {
      queryKey: [KEY, "list", mine],
      queryFn: ({ pageParam, signal }) =>
        parlor.api.get<EventPage>("/events", {
          query: { mine: String(mine), limit: PAGE, cursor: pageParam },
          signal,
        }),
      initialPageParam: null,
      getNextPageParam: (page) => page.nextCursor,
      staleTime: 0,
    },
    queryClient,
  );
  return {
    events: result.data?.pages.flatMap((page) => page.items) ?? [],
    isLoading: result.isPending,
    error: result.data ? null : result.error,
    hasMore: result.hasNextPage,
    loadMore: () => void (result.isFetchingNextPage || result.fetchNextPage()),
  };
}

export function useEvent(eventId: string, invite: string | undefined) {
  useLiveEvents();
  return useQuery<EventView, ApiError>(
    {
      queryKey: [KEY, eventId, invite],
      queryFn: ({ signal }) => parlor.api.get(`/events/${eventId}`, { query: { invite }, signal }),
      retry: (count, error) => error.code !== "event_not_found" && count < 3,
      staleTime: 0,
    },
    queryClient,
  );
}

/** For the host. */
export function useEventPeople(eventId: string, occurrenceId: string) {
  return useQuery<RegisteredPeople, ApiError>(
    {
      queryKey: [KEY, eventId, "people", occurrenceId],
      queryFn: ({ signal }) =>
        parlor.api.get(`/events/${eventId}/people`, { query: { occurrence: occurrenceId }, signal }),
      staleTime: 0,
    },
    queryClient,
  );
}

export function useCalendarFeed() {
  return useQuery<CalendarFeed, ApiError>(
    {
      queryKey: [KEY, "feed"],
      queryFn: ({ signal }) => parlor.api.get("/calendar", { signal }),
      staleTime: 0,
    },
    queryClient,
  );
}

/** Each rejects with ApiError. */
export function useScheduleActions() {
  const { mutateAsync, isPending } = useMutation<unknown, ApiError, () => Promise<unknown>>(
    {
      mutationFn: (work) => work(),
      onSettled: () => void queryClient.invalidateQueries({ queryKey: [KEY] }),
    },
    queryClient,
  );
  const run = <T>(work: () => Promise<T>) => mutateAsync(work) as Promise<T>;
  const { api } = parlor;
  return {
    isPending,
    create: (wanted: CreateEvent) => run(() => api.post<EventView>("/events", wanted)),
    register: (eventId: string, place: TakePlace) =>
      run(() => api.post<EventView>(`/events/${eventId}/registration`, place)),
    giveUp: (eventId: string, occurrenceId: string, following: boolean) =>
      run(() =>
        api.delete<void>(`/events/${eventId}/registration?occurrence=${occurrenceId}&following=${following}`),
      ),
    cancel: (eventId: string, scope: ChangeEvent["scope"], occurrenceId: string) =>
      run(() => api.delete<void>(`/events/${eventId}?scope=${scope}&occurrence=${occurrenceId}`)),
    change: (eventId: string, change: ChangeEvent) =>
      run(() => api.patch<EventView>(`/events/${eventId}`, change)),
    removePerson: (eventId: string, occurrenceId: string, userId: string) =>
      run(() => api.delete<void>(`/events/${eventId}/people/${userId}?occurrence=${occurrenceId}`)),
    call: (eventId: string, occurrenceId: string) =>
      run(() => api.post(`/events/${eventId}/call`, { occurrenceId })),
    enter: (eventId: string, occurrenceId: string, invite?: string) =>
      run(() =>
        api.post<EnteredEvent>(`/events/${eventId}/enter`, { occurrenceId, ...(invite ? { invite } : {}) }),
      ),
    makeFeed: () => run(() => api.post<NewCalendarFeed>("/calendar")),
    deleteFeed: () => run(() => api.delete<void>("/calendar")),
  };
}
