/** Ids of the sessions of voice protocols, which the client chooses. */

export function newSessionId(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
}

/**
 * Id of the stored conversation of a session, as `conversation_id_of` in `server/tutor/voice_jobs.py` makes it. Null where
 * the browser has no digests (a page without https).
 */
export async function voiceConversationId(
  protocol: "coach" | "flux",
  userId: string,
  sessionId: string,
): Promise<string | null> {
  if (!crypto.subtle) return null;
  const bytes = new TextEncoder().encode([protocol, userId, sessionId].join("\n"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `v${hex.slice(0, 31)}`;
}
