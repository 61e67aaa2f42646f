/** A run of words that stayed, were removed or were added. */
export interface DiffPart {
  kind: "same" | "removed" | "added";
  text: string;
}

/** Longer texts are shown as replaced as a whole, so that the table below stays small. */
const MAX_WORDS = 200;

/**
 * The difference between two sentences, word by word (longest common subsequence). A change of case or of the
 * punctuation at a word counts as a change of the word.
 */
export function diffWords(before: string, after: string): DiffPart[] {
  const [old, fresh] = [words(before), words(after)];
  if (old.length > MAX_WORDS || fresh.length > MAX_WORDS) {
    return joined([part("removed", before), part("added", after)]);
  }
  const common = commonLengths(old, fresh);
  const parts: DiffPart[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    if (i < old.length && old[i] === fresh[j]) {
      parts.push(part("same", old[i] as string));
      i += 1;
      j += 1;
    } else if (i < old.length && at(common, i + 1, j) >= at(common, i, j + 1)) {
      parts.push(part("removed", old[i++] as string));
    } else if (j < fresh.length) {
      parts.push(part("added", fresh[j++] as string));
    } else {
      parts.push(part("removed", old[i++] as string));
    }
  }
  return joined(parts);
}

/** `table[i][j]`: length of the common subsequence of `old` from i and `fresh` from j. */
function commonLengths(old: string[], fresh: string[]): number[][] {
  const table = Array.from({ length: old.length + 1 }, () => new Array<number>(fresh.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const row = table[i] as number[];
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      row[j] =
        old[i] === fresh[j]
          ? at(table, i + 1, j + 1) + 1
          : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}

/** Merges neighbours of one kind; within a change, removed words come before added ones. */
function joined(parts: DiffPart[]): DiffPart[] {
  const runs: DiffPart[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const flush = () => {
    if (removed.length > 0) runs.push(part("removed", removed.join(" ")));
    if (added.length > 0) runs.push(part("added", added.join(" ")));
    removed = [];
    added = [];
  };
  for (const { kind, text } of parts) {
    if (kind === "removed") removed.push(text);
    else if (kind === "added") added.push(text);
    else {
      flush();
      const last = runs.at(-1);
      if (last?.kind === "same") last.text += ` ${text}`;
      else runs.push(part("same", text));
    }
  }
  flush();
  return runs;
}

function at(table: number[][], i: number, j: number): number {
  return table[i]?.[j] ?? 0;
}

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

function part(kind: DiffPart["kind"], text: string): DiffPart {
  return { kind, text };
}
