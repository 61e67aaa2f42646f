import { useMutation, useQuery } from "@tanstack/react-query";
import type { ApiError } from "../core/api-error";
import { parlor } from "../core/parlor";
import type {
  DocumentList,
  KnowledgeBase,
  KnowledgeBaseList,
  KnowledgeDocument,
  KnowledgeFound,
} from "../protocol";
import { forgetAtSignOut } from "./own-data";
import { queryClient } from "./query-client";

const KEY = "knowledge";
const PATH = "/knowledge-bases";
/** The server reads a document in up to a minute, after others that wait. */
const UPLOAD_TIMEOUT_MS = 120_000;
const changed = () => void queryClient.invalidateQueries({ queryKey: [KEY] });

forgetAtSignOut(KEY);

export function useKnowledgeBases() {
  return useQuery<KnowledgeBaseList, ApiError>(
    { queryKey: [KEY], queryFn: ({ signal }) => parlor.api.get(PATH, { signal }), staleTime: 0 },
    queryClient,
  );
}

export function useAddKnowledgeBase() {
  return useMutation<KnowledgeBase, ApiError, { name: string; language: string }>(
    { mutationFn: (base) => parlor.api.post(PATH, base), onSuccess: changed },
    queryClient,
  );
}

export function useDeleteKnowledgeBase() {
  return useMutation<void, ApiError, string>(
    { mutationFn: (id) => parlor.api.delete<void>(`${PATH}/${id}`), onSuccess: changed },
    queryClient,
  );
}

export function useDocuments(baseId: string) {
  return useQuery<DocumentList, ApiError>(
    {
      queryKey: [KEY, baseId],
      queryFn: ({ signal }) => parlor.api.get(`${PATH}/${baseId}/documents`, { signal }),
      staleTime: 0,
    },
    queryClient,
  );
}

export function useAddDocument(baseId: string) {
  return useMutation<KnowledgeDocument, ApiError, File>(
    {
      mutationFn: (file) =>
        parlor.api.post(`${PATH}/${baseId}/documents`, file, {
          query: { name: file.name },
          timeoutMs: UPLOAD_TIMEOUT_MS,
        }),
      onSuccess: changed,
    },
    queryClient,
  );
}

export function useDeleteDocument(baseId: string) {
  return useMutation<void, ApiError, string>(
    { mutationFn: (id) => parlor.api.delete<void>(`${PATH}/${baseId}/documents/${id}`), onSuccess: changed },
    queryClient,
  );
}

export function useSearchKnowledge(baseId: string) {
  return useMutation<KnowledgeFound, ApiError, string>(
    { mutationFn: (question) => parlor.api.get(`${PATH}/${baseId}/search`, { query: { question } }) },
    queryClient,
  );
}
