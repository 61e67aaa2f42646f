/**
 * A room's id or invite from a link, without what texts put around links: quotes, brackets, full stops, spaces,
 * invisible characters. The text itself if it holds no id.
 */
export function linkPart(text: string): string {
  return /[\w-]+/.exec(text.replace(/\p{Cf}/gu, ""))?.[0] ?? text;
}
