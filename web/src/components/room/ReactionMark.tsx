import { useEffect, useState } from "react";
import type { ShownReaction } from "../../hooks";
import classes from "./ReactionMark.module.css";
import { REACTIONS } from "./reactions";

const SHOWN_MS = 5_000;

/** A person's reaction beside their face, for some seconds. `Announcer` says it to screen readers. */
export function ReactionMark({ shown }: { shown: ShownReaction | undefined }) {
  const [ended, setEnded] = useState<number | null>(null);
  const key = shown?.key ?? null;
  useEffect(() => {
    if (key === null) return;
    const timer = window.setTimeout(() => setEnded(key), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [key]);
  if (!shown || ended === key) return null;
  const Icon = REACTIONS[shown.reaction];
  return (
    <span key={key} className={classes.mark} data-reaction={shown.reaction} aria-hidden="true">
      <Icon size={26} />
    </span>
  );
}
