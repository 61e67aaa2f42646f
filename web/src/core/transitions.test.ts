import { describe, expect, test } from "vitest";
import { CALL_TRANSITIONS } from "./call-state";
import { HEALTH_TRANSITIONS } from "./media-health";
import { IllegalMove, nextState, type Transitions } from "./transitions";

const CALL_EVENTS = ["join", "joined", "lost", "ended", "reset"];
const HEALTH_EVENTS = ["recovered", "restart", "replace", "failed"];
const MACHINES: [string, Transitions<string, string>, string[]][] = [
  ["call", CALL_TRANSITIONS, CALL_EVENTS],
  ["media health", HEALTH_TRANSITIONS, HEALTH_EVENTS],
];

describe.each(MACHINES)("the %s machine", (_name, table, events) => {
  const pairs = Object.keys(table).flatMap((state) => events.map((event) => [state, event] as const));

  test.each(pairs)("%s and %s", (state, event) => {
    const next = table[state]?.[event];
    if (next) expect(nextState(table, state, event)).toBe(next);
    else expect(() => nextState(table, state, event)).toThrow(IllegalMove);
  });
});
