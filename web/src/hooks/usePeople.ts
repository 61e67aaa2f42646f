import { type InfiniteData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ApiError } from "../core/api-error";
import { parlor } from "../core/parlor";
import type { ListedUser, PeoplePage, PersonCard } from "../protocol";
import { queryClient } from "./query-client";

export type PeopleList = "friends" | "online" | "following" | "followers" | "met" | "blocked";

export interface PeopleHook {
  people: ListedUser[];
  isLoading: boolean;
  error: ApiError | null;
  hasMore: boolean;
  loadMore(): void;
}

const KEY = "people";
const CARD = "person";
/** Messages that friends came or went may be lost. */
const POLL_MS = 60_000;
/** Many pages learn at one time that somebody came: they ask spread over this time. */
const SPREAD_MS = 1_500;

// The next person in this browser must not see what belongs to the last one.
parlor.session.ended.on(() => {
  void queryClient.resetQueries({ queryKey: [KEY] });
  queryClient.removeQueries({ queryKey: [CARD] });
});
let isDue = false;
parlor.lobby.changes.on(({ name }) => {
  if (name !== "people_changed" || isDue) return;
  isDue = true;
  setTimeout(() => {
    isDue = false;
    void queryClient.invalidateQueries({ queryKey: [KEY] });
    void queryClient.invalidateQueries({ queryKey: [CARD] });
  }, Math.random() * SPREAD_MS);
});

/** One of the person's own lists of people, page by page. Who of them is online is kept up to date. */
export function usePeople(list: PeopleList): PeopleHook {
  useEffect(() => parlor.lobby.watch(), []);
  const result = useInfiniteQuery<PeoplePage, ApiError, InfiniteData<PeoplePage>, string[], string | null>(
    {
      queryKey: [KEY, list],
      queryFn: ({ pageParam, signal }) =>
        parlor.api.get<PeoplePage>(`/people/${list}`, { query: { cursor: pageParam }, signal }),
      initialPageParam: null,
      getNextPageParam: (page) => page.nextCursor,
      refetchInterval: list === "friends" || list === "online" ? POLL_MS : false,
      staleTime: 0,
    },
    queryClient,
  );
  return {
    people: result.data?.pages.flatMap((page) => page.items) ?? [],
    isLoading: result.isPending,
    error: result.error,
    hasMore: result.hasNextPage,
    loadMore: () => void (result.isFetchingNextPage || result.fetchNextPage()),
  };
}

/** A person's profile card. The error `user_not_found` also stands for people who must not be shown. */
export function usePerson(userId: string) {
  return useQuery<PersonCard, ApiError>(
    {
      queryKey: [CARD, userId],
      queryFn: ({ signal }) => parlor.api.get(`/people/${userId}`, { signal }),
      staleTime: 0,
    },
    queryClient,
  );
}

/** They reject with ApiError. */
export interface PeopleActions {
  follow(userId: string): Promise<void>;
  unfollow(userId: string): Promise<void>;
  removeFollower(userId: string): Promise<void>;
  /** An empty text deletes the note. */
  setNote(userId: string, text: string): Promise<void>;
  /** Without an id all of them. */
  forgetMet(userId?: string): Promise<void>;
  invite(roomId: string, userId: string): Promise<void>;
  block(userId: string): Promise<void>;
  unblock(userId: string): Promise<void>;
}

/** Loads the lists of people and the cards again, after a change of what they show. */
const changed = async () => {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: [KEY] }),
    queryClient.invalidateQueries({ queryKey: [CARD] }),
  ]);
};
/** Loads the list of rooms again, too: it depends on who is blocked. */
const hidden = async () => {
  await changed();
  void queryClient.invalidateQueries({ queryKey: ["rooms"] });
};

const { api } = parlor;
const actions: PeopleActions = {
  follow: (userId) => api.put<void>(`/people/${userId}/follow`, undefined).then(changed),
  unfollow: (userId) => api.delete<void>(`/people/${userId}/follow`).then(changed),
  removeFollower: (userId) => api.delete<void>(`/people/${userId}/follower`).then(changed),
  setNote: (userId, text) => api.put<void>(`/people/${userId}/note`, { text }).then(changed),
  forgetMet: (userId) => api.delete<void>(`/people/met${userId ? `/${userId}` : ""}`).then(changed),
  invite: (roomId, userId) => api.post<void>(`/rooms/${roomId}/invitations`, { userId }),
  block: (userId) => api.put<void>(`/people/${userId}/block`, undefined).then(hidden),
  unblock: (userId) => api.delete<void>(`/people/${userId}/block`).then(hidden),
};

export const usePeopleActions = () => actions;
