import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { Exercise, ReviewResult } from "../../protocol";
import { renderUi } from "../../test/render";
import { MistakeExercise } from "./MistakeExercise";
import { ReviewSession } from "./ReviewSession";

const exercise = (mistakeId: string, sentence: string): Exercise => ({
  mistakeId,
  language: "en",
  category: "verb_form",
  sentence,
  explanation: "Past of go.",
  times: 1,
});

const verdict = (isRight: boolean, answer: string | null): ReviewResult => ({
  isRight,
  answer,
  wasRated: answer !== null,
  dueAt: "2026-12-01T00:00:00.000Z",
});

function show(exercises: Exercise[], answer: () => Promise<ReviewResult>, onEnd = vi.fn()) {
  renderUi(
    <ReviewSession
      exercises={exercises}
      close="Back to my mistakes"
      show={(one, place, onNext) => (
        <MistakeExercise key={one.mistakeId} exercise={one} place={place} answer={answer} onNext={onNext} />
      )}
      onEnd={onEnd}
    />,
  );
}

describe("a review by keyboard", () => {
  it("goes from a right answer to the next exercise and says how many went right", async () => {
    const answer = vi.fn();
    answer.mockResolvedValueOnce(verdict(true, "I went home."));
    answer.mockResolvedValueOnce(verdict(false, "We went out."));
    const end = vi.fn();
    show([exercise("m1", "I goed home"), exercise("m2", "We goed out")], answer, end);
    const keys = userEvent.setup();
    await keys.keyboard("I went home{Enter}");
    expect(answer).toHaveBeenLastCalledWith("m1", "I went home", 1);
    expect(await screen.findByText("Right!")).toBeTruthy();
    await keys.keyboard("{Enter}");
    expect(screen.getByText("We goed out")).toBeTruthy();
    await keys.click(screen.getByRole("button", { name: "Show the answer" }));
    expect(answer).toHaveBeenLastCalledWith("m2", null, 1);
    expect(await screen.findByText("The right sentence:")).toBeTruthy();
    await keys.keyboard("{Enter}");
    expect(screen.getByText("1 of 2 right. The others come back soon.")).toBeTruthy();
    await keys.click(screen.getByRole("button", { name: "Back to my mistakes" }));
    expect(end).toHaveBeenCalledOnce();
  });

  it("gives a second try with the reason, and shows the answer only after it", async () => {
    const answer = vi.fn();
    answer.mockResolvedValueOnce(verdict(false, null));
    answer.mockResolvedValueOnce(verdict(false, "I went home."));
    show([exercise("m1", "I goed home")], answer);
    const keys = userEvent.setup();
    expect(screen.queryByText("Past of go.")).toBeNull();
    await keys.keyboard("I gone home{Enter}");
    expect(await screen.findByText("Not yet. Try once more.")).toBeTruthy();
    expect(screen.getByText("Past of go.")).toBeTruthy();
    expect(screen.queryByText("The right sentence:")).toBeNull();
    await keys.keyboard("{Enter}");
    expect(answer).toHaveBeenLastCalledWith("m1", "I gone home", 2);
    expect(await screen.findByText("The right sentence:")).toBeTruthy();
  });

  it("sends nothing for an empty field", async () => {
    const answer = vi.fn();
    show([exercise("m1", "I goed home")], answer);
    await userEvent.setup().keyboard("  {Enter}");
    expect(answer).not.toHaveBeenCalled();
  });
});
