import type { ClosePage } from "../protocol";

/**
 * Notifies the server that this page closes. A beacon is sent even though the page ends, but has no headers: the resume
 * token in its body authorises it. The server waits a few seconds for a reload to take the seat back.
 */
export function sendPageClosed(roomId: string, resumeToken: string): void {
  const body: ClosePage = { resumeToken };
  // As text, Firefox would send it with the origin "null", because the page sends no referrers (Fetch, section 3.1).
  const json = new Blob([JSON.stringify(body)], { type: "application/json" });
  navigator.sendBeacon?.(`/api/rooms/${encodeURIComponent(roomId)}/page-closed`, json);
}
