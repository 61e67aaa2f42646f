import type { HeardClass, HeardRange } from "../protocol";

/** `sentence`: the first that was not heard, where the class goes on. */
export interface ClassMark {
  sentence: number;
  isFinished: boolean;
}

/** The heard part of each class, by `classKey`. */
export type HeardClasses = Readonly<Record<string, readonly HeardRange[]>>;

/** The key of a class. Indices are from 0. */
export function classKey(courseId: string, module: number, subTopic: number): string {
  return `${courseId}/${module}/${subTopic}`;
}

export function byClass(items: readonly HeardClass[]): HeardClasses {
  const keyOf = (item: HeardClass) => classKey(item.courseId, item.moduleIndex, item.subTopicIndex);
  return Object.fromEntries(items.map((item) => [keyOf(item), item.heard]));
}

/** A person's progress in a class of so many sentences; undefined if it was not begun. */
export function markOf(heard: readonly HeardRange[] | undefined, sentences: number): ClassMark | undefined {
  if (!heard || heard.length === 0) return undefined;
  let next = 0;
  for (const { first, last } of heard) if (first <= next) next = Math.max(next, last + 1);
  return { sentence: Math.min(next, Math.max(0, sentences - 1)), isFinished: next >= sentences };
}
