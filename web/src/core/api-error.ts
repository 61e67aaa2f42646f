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
