/** As in `server/protocol/club.py`. */
export const MOST_TOPICS = 20;
const MOST_CHARACTERS = 140;

/** The topics of a text that has one on each line. */
export function topicsIn(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

/** Returns the limit and the start of the first topic that has too many characters; null if none has. */
export function tooLong(topics: readonly string[]): { most: number; start: string } | null {
  const long = topics.find((topic) => [...topic].length > MOST_CHARACTERS);
  return long === undefined ? null : { most: MOST_CHARACTERS, start: [...long].slice(0, 30).join("") };
}
