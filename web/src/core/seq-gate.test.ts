import { expect, test } from "vitest";
import { SeqGate } from "./seq-gate";

const events = (...numbers: number[]) => numbers.map((seq) => ({ seq }));

function gateAt(seq: number): SeqGate<{ seq: number }> {
  const gate = new SeqGate<{ seq: number }>();
  gate.baseline(seq);
  return gate;
}

test("delivers events in order at once", () => {
  const gate = gateAt(4);
  expect(gate.offer({ seq: 5 })).toEqual({ deliver: events(5), gap: false });
  expect(gate.offer({ seq: 6 })).toEqual({ deliver: events(6), gap: false });
});

test("a repeated or old event is dropped", () => {
  const gate = gateAt(4);
  expect(gate.offer({ seq: 4 }).deliver).toEqual([]);
  gate.offer({ seq: 5 });
  expect(gate.offer({ seq: 5 })).toEqual({ deliver: [], gap: false });
});

test("holds events after a gap for the snapshot and delivers only newer ones", () => {
  const gate = gateAt(1);
  expect(gate.offer({ seq: 3 })).toEqual({ deliver: [], gap: true });
  gate.offer({ seq: 4 });
  gate.offer({ seq: 5 });
  expect(gate.baseline(4)).toEqual({ deliver: events(5), gap: false });
});

test("holds events that arrive before the ack of join", () => {
  const gate = new SeqGate<{ seq: number }>();
  expect(gate.offer({ seq: 8 })).toEqual({ deliver: [], gap: false });
  expect(gate.offer({ seq: 7 })).toEqual({ deliver: [], gap: false });
  expect(gate.baseline(6)).toEqual({ deliver: events(7, 8), gap: false });
});

test("a snapshot older than a second gap shows it", () => {
  const gate = gateAt(1);
  gate.offer({ seq: 3 });
  gate.offer({ seq: 9 });
  expect(gate.baseline(3)).toEqual({ deliver: [], gap: true });
});

test("holding is bounded", () => {
  const gate = new SeqGate<{ seq: number }>();
  for (let seq = 1; seq <= 2_000; seq++) gate.offer({ seq });
  const { deliver, gap } = gate.baseline(0);
  expect(deliver).toEqual([]);
  expect(gap).toBe(true);
});
