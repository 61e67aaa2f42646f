import { useEffect, useState } from "react";
import type { DialogueLine } from "../../hooks";

/** A line stays this long after its last word, and longer if reading it takes longer. */
const STAYS_MS = 2000;
const READ_MS_PER_LETTER = 60;

/** The lines that are being said or ended a moment ago. */
export function useCurrentLines(lines: readonly DialogueLine[]): DialogueLine[] {
  const [ended, setEnded] = useState<ReadonlySet<string>>(new Set());
  // Interrupted lines and lines that get their last words count anew.
  const closed = lines.filter(({ isOpen }) => !isOpen).map((line) => `${line.key} ${line.text.length}`);
  const state = closed.join(",");
  // biome-ignore lint/correctness/useExhaustiveDependencies: `state` stands for the lines that have ended
  useEffect(() => {
    const timers = closed
      .filter((id) => !ended.has(id))
      .map((id) =>
        window.setTimeout(
          () => setEnded((before) => new Set([...before].filter((one) => closed.includes(one))).add(id)),
          staysFor(Number(id.slice(id.lastIndexOf(" ")))),
        ),
      );
    return () => {
      for (const timer of timers) window.clearTimeout(timer);
    };
  }, [state]);
  return lines.filter((line) => line.isOpen || !ended.has(`${line.key} ${line.text.length}`));
}

function staysFor(letters: number): number {
  return Math.max(STAYS_MS, letters * READ_MS_PER_LETTER);
}
