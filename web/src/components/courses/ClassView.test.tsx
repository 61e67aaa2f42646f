import { cleanup, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { classKey, type HeardClasses, markOf } from "../../core/class-progress";
import { CLASS, lesson } from "../../dev/courses";
import type { ClassHook } from "../../hooks";
import { renderUi } from "../../test/render";
import { ClassView } from "./ClassView";

const mocks = vi.hoisted(() => ({
  state: {} as Partial<ClassHook>,
  heard: {} as HeardClasses,
  start: vi.fn(),
  stop: vi.fn(),
  setMicrophone: vi.fn(),
}));
vi.mock("../../hooks", () => ({
  classKey,
  markOf,
  useClass: () => ({ ...lesson(mocks.state), ...mocks }),
  useHeardClasses: () => mocks.heard,
  useWakeLock: () => {},
}));

function show(state: Partial<ClassHook> = {}, last?: number): void {
  mocks.state = state;
  mocks.heard = last === undefined ? {} : { "1/0/1": [{ first: 0, last }] };
  renderUi(<ClassView text={CLASS} />);
}

const press = (name: string | RegExp) => userEvent.click(screen.getByRole("button", { name }));
const current = () => document.querySelector("[aria-current=step]")?.textContent?.trim();

beforeEach(() => {
  for (const mock of [mocks.start, mocks.stop, mocks.setMicrophone]) mock.mockReset();
});

describe("a class", () => {
  it("starts at its first sentence", async () => {
    show();
    await press("Start the class");
    expect(mocks.start).toHaveBeenCalledWith(0);
    expect(screen.queryByRole("button", { name: /microphone/ })).toBeNull();
  });

  it("that was left continues where it was, or starts again", async () => {
    show({}, 2);
    await press("Continue at sentence 4 of 6");
    expect(mocks.start).toHaveBeenLastCalledWith(3);
    await press("Start again");
    expect(mocks.start).toHaveBeenLastCalledWith(0);
  });

  it("starts at its beginning if it has fewer sentences by now", async () => {
    show({}, 60);
    await press("Start the class");
    expect(mocks.start).toHaveBeenCalledWith(0);
  });

  it("marks and announces the sentence that is spoken", () => {
    show({ phase: "teaching", sentence: 2, sound: "lesson" });
    expect(current()).toBe(CLASS.sentences[2]);
    const announced = screen.getAllByRole("status").map(({ textContent }) => textContent);
    expect(announced).toContain(CLASS.sentences[2]);
  });

  it("is stopped, and asked with the microphone", async () => {
    show({ phase: "teaching", sentence: 2 });
    await press("Turn on the microphone to ask");
    expect(mocks.setMicrophone).toHaveBeenCalledWith(true);
    await press("Stop");
    expect(mocks.stop).toHaveBeenCalled();
  });

  it("shows questions and answers apart from its text", () => {
    show({
      phase: "teaching",
      partial: "and what",
      talk: [{ id: 1, asked: null, said: "What is that?", answer: "A fruit." }],
    });
    const log = within(screen.getByRole("log"));
    expect(log.getByText("What is that?", { exact: false })).toBeTruthy();
    expect(log.getByText("A fruit.", { exact: false })).toBeTruthy();
    expect(screen.getByText("and what …")).toBeTruthy();
  });

  it("shows the question that the tutor asks aloud, and that the learner is to answer", () => {
    show({
      phase: "teaching",
      question: 0,
      sound: "answer",
      talk: [{ id: 1, asked: "What can you buy?", said: null, answer: null }],
    });
    expect(within(screen.getByRole("log")).getByText("What can you buy?", { exact: false })).toBeTruthy();
    expect(screen.getByTestId("class-state").textContent).toMatch(/answer aloud/);
  });

  it("asks its questions only once it was heard", () => {
    show({ phase: "teaching", sentence: 5 });
    expect(screen.queryByText("Questions about this class")).toBeNull();
    cleanup();
    show({ phase: "finished", sentence: 5 });
    expect(screen.getByText("and you / what about you")).toBeTruthy();
  });

  it.each([
    ["lost", "", /connection was lost/],
    ["refused", "Sign in.", /refused the class\. Sign in\./],
    ["deaf", "", /cannot hear you/],
    ["replaced", "", /another window/],
  ] as const)("says what is wrong: %s", (kind, text, shown) => {
    show({ phase: "connecting", trouble: { kind, text } });
    expect(screen.getByRole("alert").textContent).toMatch(shown);
  });

  it("says why there is no microphone", () => {
    show({ phase: "teaching", microphone: "denied" });
    expect(screen.getByRole("alert").textContent).toMatch(/microphone is blocked/i);
  });
});
