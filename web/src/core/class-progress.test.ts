import { expect, it } from "vitest";
import { byClass, classKey, markOf } from "./class-progress";

it("a class that was not heard has no mark", () => {
  expect(markOf(undefined, 6)).toBeUndefined();
  expect(markOf([], 6)).toBeUndefined();
});

it("a class goes on at the first sentence that was not heard", () => {
  expect(markOf([{ first: 0, last: 2 }], 6)).toEqual({ sentence: 3, isFinished: false });
  const withGap = [
    { first: 0, last: 1 },
    { first: 3, last: 5 },
  ];
  expect(markOf(withGap, 6)).toEqual({ sentence: 2, isFinished: false });
});

it("somebody who came late begins at the beginning", () => {
  expect(markOf([{ first: 4, last: 5 }], 6)).toEqual({ sentence: 0, isFinished: false });
});

it("a class is finished once every sentence was heard, also if it is shorter by now", () => {
  expect(markOf([{ first: 0, last: 5 }], 6)).toEqual({ sentence: 5, isFinished: true });
  expect(markOf([{ first: 0, last: 9 }], 6)).toEqual({ sentence: 5, isFinished: true });
});

it("classes are found by their key", () => {
  const heard = [{ first: 0, last: 1 }];
  const item = { courseId: "1", moduleIndex: 0, subTopicIndex: 2, heard };
  expect(byClass([item])[classKey("1", 0, 2)]).toBe(heard);
});
