import type { FieldError, Problem } from "../protocol";

/** A refusal by the server (or the lack of an answer) in the shape of RFC 9457. `status` is 0 without an answer. */
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

/** No answer came: offline, timed out, or the connection was lost. Codes of our own, not the server's. */
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
  };
}

/** Whether something from outside is a problem object; members that may be absent are filled in. */
export function asProblem(value: unknown): Problem | null {
  if (typeof value !== "object" || value === null) return null;
  const { code, status, detail, title, retryable, errors, retryAfter } = value as Partial<Problem>;
  if (typeof code !== "string") return null;
  return {
    ...problem(code, status ?? 500, detail ?? title ?? code, retryable ?? false),
    title: title ?? code,
    errors: errors ?? null,
    retryAfter: retryAfter ?? null,
  };
}
