import type { FieldError, Problem } from "../protocol";

/** A refusal by the server, or a missing response, as an RFC 9457 problem. `status` is 0 without a response. */
export class ApiError extends Error {
  readonly code: string;
  readonly detail: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly errors: FieldError[];
  /** Seconds. */
  readonly retryAfter: number | null;

  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = "ApiError";
    this.code = problem.code;
    this.detail = problem.detail;
    this.status = problem.status;
    this.retryable = problem.retryable;
    this.errors = problem.errors ?? [];
    this.retryAfter = problem.retryAfter ?? null;
  }
}

/** There was no response: offline, timed out, or the connection was lost. The server does not use these codes. */
export function noAnswer(code: "network" | "timeout"): ApiError {
  return new ApiError(problem(code, 0, "The server did not answer. Check your connection.", true));
}

export function problem(code: string, status: number, detail: string, retryable: boolean): Problem {
  return {
    type: `urn:parlor:error:${code}`,
    title: detail,
    status,
    code,
    detail,
    retryable,
    errors: null,
    retryAfter: null,
    node: null,
    until: null,
    ban: null,
  };
}

/** Parses a problem object, with defaults for optional members; null if the value is none. */
export function asProblem(value: unknown): Problem | null {
  if (typeof value !== "object" || value === null) return null;
  const { code, status, detail, title, retryable, errors, retryAfter, node, until, ban } =
    value as Partial<Problem>;
  if (typeof code !== "string") return null;
  return {
    ...problem(code, status ?? 500, detail ?? title ?? code, retryable ?? false),
    title: title ?? code,
    errors: errors ?? null,
    retryAfter: retryAfter ?? null,
    node: node ?? null,
    until: until ?? null,
    ban: ban ?? null,
  };
}
