import { useCallback, useEffect, useState } from "react";
import { type KeptReview, keepReview, readReview } from "../core/kept-review";
import { perTab } from "../core/storage";

export interface ReviewHook<E> {
  /** The items left of the review; null if none is under way. */
  exercises: E[] | null;
  /** Exercises that were over before, and how many of them went right. */
  done: number;
  right: number;
  /** The page was reloaded during a review, which is being loaded. */
  isComingBack: boolean;
  /** Rejects with ApiError. */
  start(): Promise<void>;
  /** One more is over. */
  progressed(done: number, right: number): void;
  end(): void;
}

/** A review that survives a reload of the page. `load`: the exercises that are due. */
export function useKeptReview<E>(
  name: "mistakes" | "words",
  load: () => Promise<{ exercises: E[] }>,
  idOf: (exercise: E) => string,
): ReviewHook<E> {
  const [kept, setKept] = useState<KeptReview | null>(() => readReview(perTab, name));
  const [exercises, setExercises] = useState<E[] | null>(null);
  const [isComingBack, setComingBack] = useState(kept !== null);
  const keep = useCallback(
    (review: KeptReview | null) => {
      keepReview(perTab, name, review);
      setKept(review);
    },
    [name],
  );
  const comeBack = useCallback(async () => {
    try {
      const due = new Map((await load()).exercises.map((one) => [idOf(one), one]));
      // Items that were tried are not due any more.
      const left = kept?.ids.slice(kept.done).flatMap((id) => due.get(id) ?? []) ?? [];
      if (kept && left.length > 0) {
        keep({ ...kept, ids: [...kept.ids.slice(0, kept.done), ...left.map(idOf)] });
        setExercises(left);
      } else keep(null);
    } catch {
      keep(null);
    } finally {
      setComingBack(false);
    }
  }, [load, idOf, kept, keep]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page opens
  useEffect(() => {
    if (isComingBack) void comeBack();
  }, []);
  return {
    exercises,
    done: kept?.done ?? 0,
    right: kept?.right ?? 0,
    isComingBack,
    start: async () => {
      const found = (await load()).exercises;
      keep({ ids: found.map(idOf), done: 0, right: 0 });
      setExercises(found);
    },
    progressed: (done, right) => {
      // `kept` in the state stays as the review began: the session counts from there.
      if (kept) keepReview(perTab, name, done < kept.ids.length ? { ...kept, done, right } : null);
    },
    end: () => {
      keep(null);
      setExercises(null);
    },
  };
}
