import { lazy, Suspense } from "react";
import { loadedLater, withRetries } from "../../core/lazy-load";
import classes from "./Flag.module.css";

const load = loadedLater(async () => ({ default: (await import("./Flag")).Flag }));
/** Nothing if it cannot be loaded: a room is complete without flags. */
const Flag = lazy(() => withRetries(load).catch(() => ({ default: () => null })));

/** A flag in a room. The addresses of all flags are loaded when somebody shows a country. */
export function LazyFlag({ country }: { country: string }) {
  return (
    <Suspense fallback={<span className={classes.flag} />}>
      <Flag country={country} />
    </Suspense>
  );
}
