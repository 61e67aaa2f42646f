import type { ChatLine } from "../protocol";

/** The unread lines of the chat. `at` is the time of the newest line that was counted. */
export interface ChatNews {
  isOpen: boolean;
  unread: number;
  at: string | null;
}

export const NO_CHAT: ChatNews = { isOpen: false, unread: 0, at: null };

/**
 * After the room has these lines. Lines of before the join are not news; those that came while the connection was lost
 * are. Nothing is unread while the chat is open.
 */
export function withLines(news: ChatNews, lines: readonly ChatLine[], myUserId: string | null): ChatNews {
  const { at } = news;
  const newest = lines.at(-1)?.at ?? at ?? "";
  if (at === null || news.isOpen) return { ...news, unread: 0, at: newest };
  const fresh = lines.filter((line) => line.at > at && line.userId !== myUserId).length;
  // A deleted line is not waiting any more.
  const others = lines.filter((line) => line.userId !== myUserId).length;
  return { ...news, unread: Math.min(news.unread + fresh, others), at: later(newest, at) };
}

/** Times in the form of the wire sort as texts. */
function later(one: string, other: string): string {
  if (one < other) return other;
  return one;
}

export function opened(news: ChatNews, isOpen: boolean): ChatNews {
  return { ...news, isOpen, unread: 0 };
}

/** A piece of a line; `url` is null for plain words. */
export interface ChatPart {
  text: string;
  url: string | null;
}

const URL_PATTERN = /https?:\/\/[^\s<>"]+/gi;
/** Ends of sentences and brackets are seldom part of an address. */
const TRAILING = /[.,;:!?…)\]}'"»”’]+$/;

/** The line in pieces, of which only addresses of the web have a `url`. */
export function chatParts(text: string): ChatPart[] {
  const parts: ChatPart[] = [];
  let from = 0;
  for (const match of text.matchAll(URL_PATTERN)) {
    const found = match[0].replace(TRAILING, "");
    if (!isWebAddress(found)) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index), url: null });
    parts.push({ text: found, url: found });
    from = match.index + found.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), url: null });
  return parts;
}

/** Without a name before the host, which would hide where the link leads. */
function isWebAddress(text: string): boolean {
  try {
    const { protocol, username, password, hostname } = new URL(text);
    return /^https?:$/.test(protocol) && username === "" && password === "" && hostname.includes(".");
  } catch {
    return false;
  }
}
