import { beforeEach, expect, test, vi } from "vitest";
import { MuteControl } from "./mute";

let open: boolean;
let answers: { muted: boolean; resolve(): void; reject(): void }[];
let prepare: () => Promise<void>;
let mute: MuteControl;

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(() => {
  open = false;
  answers = [];
  prepare = () => Promise.resolve();
  mute = new MuteControl({
    prepare: () => prepare(),
    setOpen: (isOpen) => {
      open = isOpen;
    },
    notify: (muted) =>
      new Promise<void>((resolve, reject) =>
        answers.push({ muted, resolve, reject: () => reject(new Error("no")) }),
      ),
    changed: vi.fn(),
  });
});

async function unmuted(): Promise<void> {
  const done = mute.unmute();
  await turn();
  answers.at(-1)?.resolve();
  await done;
}

test("unmuting waits for the server's consent", async () => {
  const done = mute.unmute();
  await turn();
  expect(open).toBe(false);
  answers[0]?.resolve();
  await done;
  expect(open).toBe(true);
  expect(mute.isMuted).toBe(false);
});

test("a refused unmute leaves the microphone closed", async () => {
  const done = mute.unmute();
  await turn();
  answers[0]?.reject();
  await expect(done).rejects.toThrow();
  expect(open).toBe(false);
  expect(mute.isMuted).toBe(true);
  await unmuted();
  expect(open).toBe(true);
});

test("without a microphone nothing is sent to the server", async () => {
  prepare = () => Promise.reject(new Error("denied"));
  await expect(mute.unmute()).rejects.toThrow("denied");
  expect(answers).toEqual([]);
  expect(mute.isMuted).toBe(true);
});

test("muting closes at once, whether or not the server answers", async () => {
  await unmuted();
  const done = mute.mute();
  expect(open).toBe(false);
  expect(mute.isMuted).toBe(true);
  answers.at(-1)?.reject();
  await done;
  expect(open).toBe(false);
});

test("a late ack of a cancelled unmute does not open the microphone", async () => {
  const first = mute.unmute();
  await turn();
  void mute.mute();
  answers[0]?.resolve();
  await turn();
  expect(open).toBe(false);
  expect(answers.map(({ muted }) => muted)).toEqual([false, true, true]);
  answers[2]?.resolve();
  await first;
  expect(mute.isMuted).toBe(true);
});

test("a mute by the host overrides a pending unmute", async () => {
  const done = mute.unmute();
  await turn();
  mute.forced();
  answers[0]?.resolve();
  await turn();
  expect(open).toBe(false);
  expect(answers.at(-1)?.muted).toBe(true);
  answers.at(-1)?.resolve();
  await done;
});

test("releasing the key during the permission prompt sends no unmute", async () => {
  let granted = () => {};
  prepare = () => new Promise((resolve) => (granted = resolve));
  const done = mute.unmute();
  void mute.mute();
  granted();
  await done;
  expect(answers.map(({ muted }) => muted)).toEqual([true]);
  expect(open).toBe(false);
});

test("corrects a server that believes we are unmuted, without opening the microphone", () => {
  mute.confirm(false);
  mute.correct(false);
  expect(open).toBe(false);
  expect(mute.isMuted).toBe(true);
  expect(answers.map(({ muted }) => muted)).toEqual([true, true]);
});

test("a mute from the server closes the microphone", async () => {
  await unmuted();
  mute.correct(true);
  expect(open).toBe(false);
  expect(mute.isMuted).toBe(true);
});

test("a snapshot cancels a pending unmute", async () => {
  const done = mute.unmute();
  await turn();
  mute.confirm(true);
  answers[0]?.resolve();
  await turn();
  answers.at(-1)?.resolve();
  await done;
  expect(open).toBe(false);
});
