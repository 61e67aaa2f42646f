import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { useStore } from "zustand";
import type { ApiError } from "../core/api-error";
import { parlor } from "../core/parlor";
import { applyChange, type RoomFilter, sorted } from "../core/room-list";
import type { ListedRoom, LobbyEvent, RoomPage } from "../protocol";
import { queryClient } from "./query-client";

export interface RoomsHook {
  rooms: ListedRoom[];
  isLoading: boolean;
  error: ApiError | null;
  refetch(): void;
  hasMore: boolean;
  loadMore(): void;
  /** False while changes do not arrive: the connection is down or, signed out, the last request failed. */
  isLive: boolean;
}

type Pages = InfiniteData<RoomPage, string | null>;

const PAGE_SIZE = 48;
const POLL_MS = 5_000;

export function useRooms(query: RoomFilter): RoomsHook {
  const key = JSON.stringify([
    [...query.levels].sort(),
    query.search.trim(),
    query.sort,
    query.language ?? null,
  ]);
  const queryKey = useMemo(() => ["rooms", key], [key]);
  const isSignedOut = useStore(parlor.session.store, (state) => state.status === "signed-out");
  const result = useInfiniteQuery<RoomPage, ApiError, Pages, string[], string | null>(
    {
      queryKey,
      queryFn: ({ pageParam, signal }) => fetchPage(query, pageParam, signal),
      initialPageParam: null,
      getNextPageParam: (page) => page.nextCursor,
      placeholderData: (previous) => previous,
      // The live list requires a sign-in.
      refetchInterval: isSignedOut && POLL_MS,
    },
    queryClient,
  );
  const isLive = useLiveChanges(queryKey, query);
  const pages = result.data?.pages;
  const rooms = useMemo(() => merged(pages ?? [], query.sort), [pages, query.sort]);
  return {
    rooms,
    isLoading: result.isPending,
    error: result.error,
    refetch: () => void result.refetch(),
    hasMore: result.hasNextPage,
    loadMore: () => void (result.isFetchingNextPage || result.fetchNextPage()),
    isLive: isSignedOut ? result.failureCount === 0 : isLive,
  };
}

function fetchPage(query: RoomFilter, cursor: string | null, signal: AbortSignal): Promise<RoomPage> {
  const { levels: level, search, sort, language } = query;
  return parlor.api.get<RoomPage>("/rooms", {
    query: { level, search: search.trim(), sort, language, limit: PAGE_SIZE, cursor },
    signal,
  });
}

/** Refetches once connected, because changes were missed: after a sign-in since the last poll. */
function useLiveChanges(queryKey: string[], query: RoomFilter): boolean {
  const isLive = useStore(parlor.lobby.store, (state) => state.isLive);
  const current = useRef(query);
  useEffect(() => {
    current.current = query;
  }, [query]);
  useEffect(() => {
    const apply = (change: LobbyEvent) =>
      queryClient.setQueryData<Pages>(queryKey, (data) => data && changed(data, change, current.current));
    const unwatch = parlor.lobby.watch();
    const unsubscribe = parlor.lobby.changes.on(apply);
    return () => {
      unsubscribe();
      unwatch();
    };
  }, [queryKey]);
  useEffect(() => {
    if (isLive) void queryClient.invalidateQueries({ queryKey: ["rooms"] });
  }, [isLive]);
  return isLive;
}

/** Applies a change to its page; new rooms are added to the first page. */
function changed(data: Pages, change: LobbyEvent, query: RoomFilter): Pages {
  const words = data.pages[0]?.searchWords ?? [];
  const id = "room" in change ? change.room.id : null;
  const known = data.pages.some((page) => page.items.some((room) => room.id === id));
  const pages = data.pages.map((page, index) => {
    const concerns = change.name === "room_removed" || page.items.some((room) => room.id === id);
    const takesNew = !known && index === 0;
    return concerns || takesNew ? { ...page, items: applyChange(page.items, change, query, words) } : page;
  });
  return { ...data, pages };
}

/** Removes duplicates: a room that moved between two requests may be on two pages. */
function merged(pages: RoomPage[], sort: RoomFilter["sort"]): ListedRoom[] {
  const byId = new Map(pages.flatMap((page) => page.items).map((room) => [room.id, room]));
  return sorted([...byId.values()], sort);
}
