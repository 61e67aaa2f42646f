import { expect, it } from "vitest";
import { explanationLanguage } from "./explanation-language";

it.each([
  ["Use the past after yesterday: I went home.", "en"],
  ["“Went” is the past of “go” — it’s irregular.", "en"],
  ["Sau yesterday, động từ phải ở quá khứ: I went home.", "vi"],
  ["Bạn nói go, nhưng hôm qua thì dùng went.", "vi"],
  ["In Vietnamese you would say “tôi đã đi”, but English changes the verb itself: I went home.", "en"],
  ["昨日のことなので過去形を使います。", ""],
  ["", "en"],
])("finds the language of %j", (text, language) => {
  expect(explanationLanguage(text)).toBe(language);
});
