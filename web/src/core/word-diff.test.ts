import { describe, expect, it } from "vitest";
import { diffWords } from "./word-diff";

const marked = (before: string, after: string) =>
  diffWords(before, after).map(({ kind, text }) => `${{ same: "", removed: "-", added: "+" }[kind]}${text}`);

describe("the difference of two sentences", () => {
  it("marks the one word that was wrong", () => {
    expect(marked("Yesterday I go home", "Yesterday I went home")).toEqual([
      "Yesterday I",
      "-go",
      "+went",
      "home",
    ]);
  });

  it("marks a word that was missing, and one too many", () => {
    expect(marked("She is teacher", "She is a teacher")).toEqual(["She is", "+a", "teacher"]);
    expect(marked("I very like it", "I like it")).toEqual(["I", "-very", "like it"]);
  });

  it("puts removed words before added ones", () => {
    expect(marked("more good day", "better night")).toEqual(["-more good day", "+better night"]);
  });

  it("marks nothing if nothing changed", () => {
    expect(marked("All right.", "All right.")).toEqual(["All right."]);
    expect(marked("", "")).toEqual([]);
  });

  it("never loses a word of either sentence", () => {
    const parts = diffWords("he don't knows where is the station", "he doesn't know where the station is");
    const side = (without: string) =>
      parts
        .filter(({ kind }) => kind !== without)
        .map(({ text }) => text)
        .join(" ");
    expect(side("added")).toBe("he don't knows where is the station");
    expect(side("removed")).toBe("he doesn't know where the station is");
  });

  it("shows long texts as replaced as a whole", () => {
    const long = "word ".repeat(500);
    expect(diffWords(long, `${long} more`)).toHaveLength(2);
  });
});
