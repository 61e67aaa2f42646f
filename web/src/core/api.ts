import type { BanNotice } from "../protocol";
import { ApiError, asProblem, noAnswer, problem } from "./api-error";

type Query = Record<string, string | number | readonly string[] | null | undefined>;

export interface RequestOptions {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  /** Overrides the session's token, for the requests that create, renew or end a session. */
  token?: string | null;
  /** The request outlives the page. */
  keepalive?: boolean;
  timeoutMs?: number;
}

export interface ApiDeps {
  fetch: typeof fetch;
  /** Waits for a due renewal; null if signed out. */
  token(): Promise<string | null>;
  /** The server refused this token. Resolves to the one to try now: the same if nothing has changed, null if signed out. */
  replace(token: string): Promise<string | null>;
  /** The server keeps this profile or this browser out. */
  banned?(ban: BanNotice): void;
}

/** The codes with which the server refuses a token. A proxy's 401 has none of them. */
export const TOKEN_REFUSALS: ReadonlySet<string> = new Set([
  "unauthenticated",
  "token_expired",
  "session_ended",
  "profile_gone",
]);

export const REQUEST_TIMEOUT_MS = 15_000;

/** The server's REST API. Calls reject only with ApiError (or AbortError if `signal` is used). */
export class Api {
  constructor(private readonly deps: ApiDeps) {}

  get<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return this.request<T>("GET", path, options);
  }

  /** A file, such as the audio of a message. */
  async getBlob(path: string): Promise<Blob> {
    return (await this.answer("GET", path, {})).blob();
  }

  post<T>(path: string, body?: unknown, options: RequestOptions = {}): Promise<T> {
    return this.request<T>("POST", path, { ...options, body });
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.request<T>("PATCH", path, { body });
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.request<T>("PUT", path, { body });
  }

  delete<T>(path: string): Promise<T> {
    return this.request<T>("DELETE", path, {});
  }

  private async request<T>(method: string, path: string, options: RequestOptions): Promise<T> {
    const response = await this.answer(method, path, options);
    return response.status === 204 ? (undefined as T) : ((await json(response)) as T);
  }

  private async answer(method: string, path: string, options: RequestOptions): Promise<Response> {
    const token = options.token === undefined ? await this.deps.token() : options.token;
    const response = await this.send(method, path, options, token);
    if (response.ok) return response;
    const error = await errorOf(response);
    if (error.code === "banned" && error.problem.ban) this.deps.banned?.(error.problem.ban);
    const isReplaceable = options.token === undefined && token !== null && TOKEN_REFUSALS.has(error.code);
    if (!isReplaceable) throw error;
    const other = await this.deps.replace(token);
    if (other === token) throw error;
    // Without a token for what everybody may read: the session has ended.
    const again = await this.send(method, path, options, other);
    if (again.ok) return again;
    throw other === null ? error : await errorOf(again);
  }

  private async send(method: string, path: string, options: RequestOptions, token: string | null) {
    const headers = new Headers({ Accept: "application/json, application/problem+json" });
    if (token) headers.set("Authorization", `Bearer ${token}`);
    const { keepalive = false } = options;
    const { signal, isLate } = timeLimit(options.signal, options.timeoutMs ?? REQUEST_TIMEOUT_MS);
    const init: RequestInit = { method, headers, signal, keepalive, credentials: "same-origin" };
    if (options.body instanceof Blob) {
      headers.set("Content-Type", options.body.type || "application/octet-stream");
      init.body = options.body;
    } else if (options.body !== undefined) {
      headers.set("Content-Type", "application/json");
      init.body = JSON.stringify(options.body);
    }
    try {
      return await this.deps.fetch(`/api${path}${queryString(options.query)}`, init);
    } catch (cause) {
      if (options.signal?.aborted) throw cause;
      throw noAnswer(isLate() ? "timeout" : "network");
    }
  }
}

/** Aborts with `outer`, or late. Covers the body too. Safari has AbortSignal.any, which does this, only since 17.4. */
function timeLimit(
  outer: AbortSignal | undefined,
  timeoutMs: number,
): { signal: AbortSignal; isLate(): boolean } {
  const controller = new AbortController();
  let isLate = false;
  setTimeout(() => {
    isLate = true;
    controller.abort();
  }, timeoutMs);
  if (outer?.aborted) controller.abort();
  else outer?.addEventListener("abort", () => controller.abort(), { once: true });
  return { signal: controller.signal, isLate: () => isLate };
}

export function queryString(query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === "") continue;
    for (const item of Array.isArray(value) ? value : [value]) params.append(key, String(item));
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}

async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new ApiError(
      problem("internal", response.status, "The server's response cannot be read. Try again.", true),
    );
  }
}

async function errorOf(response: Response): Promise<ApiError> {
  const body = await response.json().catch(() => null);
  const known = asProblem(body);
  if (known) return new ApiError({ ...known, status: response.status });
  // The response is from a proxy, not from the server.
  const retryable = response.status >= 500;
  return new ApiError(
    problem(retryable ? "unavailable" : "internal", response.status, response.statusText, retryable),
  );
}
