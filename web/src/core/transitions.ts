/** A state machine: for each state the events that it accepts, and the states they lead to. */
export type Transitions<S extends string, E extends string> = Record<S, Partial<Record<E, S>>>;

/** An event that the table does not list for the state: a mistake in the code. */
export class IllegalMove extends Error {}

/** Throws IllegalMove. Events that may arrive late need a row that keeps the state. */
export function nextState<S extends string, E extends string>(
  table: Transitions<S, E>,
  state: S,
  event: E,
): S {
  const next = table[state][event];
  if (next === undefined) throw new IllegalMove(`"${event}" while ${state}`);
  return next;
}
