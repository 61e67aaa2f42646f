import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import type { ApiError } from "../core/api-error";
import { parlor } from "../core/parlor";
import type { Conversation, ConversationDetail, ConversationPage, Progress } from "../protocol";
import { forgetAtSignOut } from "./own-data";
import { queryClient } from "./query-client";

const PAGE_SIZE = 20;
const KEY = "conversations";
const PROGRESS_KEY = "progress";

forgetAtSignOut(KEY, PROGRESS_KEY);

// Today may be another day then.
parlor.session.store.subscribe((now, before) => {
  if (now.user && now.user.timeZone !== before.user?.timeZone)
    void queryClient.invalidateQueries({ queryKey: [PROGRESS_KEY] });
});

export interface ConversationsHook {
  conversations: Conversation[];
  isLoading: boolean;
  error: ApiError | null;
  refetch(): void;
  hasMore: boolean;
  loadMore(): void;
}

/** The person's conversations with the tutor, newest first. */
export function useConversations(): ConversationsHook {
  const result = useInfiniteQuery(
    {
      queryKey: [KEY],
      queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
        parlor.api.get<ConversationPage>("/conversations", {
          query: { limit: PAGE_SIZE, cursor: pageParam },
          signal,
        }),
      initialPageParam: null as string | null,
      getNextPageParam: (page: ConversationPage) => page.nextCursor,
    },
    queryClient,
  );
  return {
    conversations: result.data?.pages.flatMap((page) => page.items) ?? [],
    isLoading: result.isPending,
    error: result.error as ApiError | null,
    refetch: () => void result.refetch(),
    hasMore: result.hasNextPage,
    loadMore: () => void (result.isFetchingNextPage || result.fetchNextPage()),
  };
}

/** Conversations that this page has begun: the server has nothing of them that the page does not know. */
const begunHere = new Set<string>();

export function conversationBegins(id: string): void {
  begunHere.add(id);
}

/** With `unlessBegunHere`, a conversation of this page is only fetched by `refetch`. */
export function useConversation(id: string | null, { unlessBegunHere = false } = {}) {
  return useQuery<ConversationDetail, ApiError>(
    {
      queryKey: [KEY, id],
      queryFn: ({ signal }) => parlor.api.get<ConversationDetail>(`/conversations/${id}`, { signal }),
      enabled: id !== null && !(unlessBegunHere && begunHere.has(id)),
    },
    queryClient,
  );
}

export function useDeleteConversation() {
  return useMutation<void, ApiError, string>(
    {
      mutationFn: (id) => parlor.api.delete<void>(`/conversations/${id}`),
      onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
    },
    queryClient,
  );
}

export function useProgress(days: number) {
  return useQuery<Progress, ApiError>(
    {
      queryKey: [PROGRESS_KEY, days],
      queryFn: ({ signal }) => parlor.api.get<Progress>("/progress", { query: { days }, signal }),
    },
    queryClient,
  );
}
