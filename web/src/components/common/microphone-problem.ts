import type { MicrophoneStatus } from "../../hooks";

type Problem = Exclude<MicrophoneStatus, "idle" | "asking" | "ready">;

/** The status, if it has texts that say why there is no microphone: `prejoin.…Title` and `prejoin.…Text`. */
export function microphoneProblem(status: MicrophoneStatus): Problem | null {
  return status === "idle" || status === "asking" || status === "ready" ? null : status;
}
