import { expect, it } from "vitest";
import { i18n, speak } from "../../i18n";
import type { RepeatView } from "../../protocol";
import { ruleText } from "./rule-text";

const WEEKLY: RepeatView = {
  frequency: "weekly",
  interval: 1,
  days: ["TU"],
  nth: null,
  monthDay: null,
  count: null,
  until: "2027-06-30",
};
const DAILY: RepeatView = { ...WEEKLY, frequency: "daily", days: [] };
const MONTHLY: RepeatView = { ...DAILY, frequency: "monthly", monthDay: 19 };

it.each<[RepeatView, string, string]>([
  [WEEKLY, "Every Tuesday, until June 30, 2027", "Thứ Ba hằng tuần, đến hết ngày 30 tháng 6, 2027"],
  [
    { ...WEEKLY, days: ["TU", "TH"], until: null, count: 10 },
    "Every Tuesday and Thursday, 10 times",
    "Thứ Ba và Thứ Năm hằng tuần, tổng cộng 10 buổi",
  ],
  [
    { ...WEEKLY, interval: 2, until: null, count: 1 },
    "Every 2 weeks on Tuesday, 1 time",
    "Thứ Ba, 2 tuần một lần, tổng cộng 1 buổi",
  ],
  [{ ...DAILY, until: null, count: 3 }, "Every day, 3 times", "Hằng ngày, tổng cộng 3 buổi"],
  [{ ...DAILY, interval: 3, until: null }, "Every 3 days", "3 ngày một lần"],
  [{ ...MONTHLY, until: null }, "Every month on day 19", "Ngày 19 hằng tháng"],
  [{ ...MONTHLY, interval: 2, until: null }, "Every 2 months on day 19", "Ngày 19, 2 tháng một lần"],
  [
    { ...MONTHLY, monthDay: null, days: ["TU"], nth: -1, until: null },
    "Every month on the last Tuesday",
    "Thứ Ba cuối cùng của mỗi tháng",
  ],
  [
    { ...MONTHLY, monthDay: null, days: ["TU"], nth: 2, interval: 3, until: null },
    "Every 3 months on the second Tuesday",
    "Thứ Ba lần thứ hai của tháng, 3 tháng một lần",
  ],
])("says how often an event takes place: %o", async (repeat, english, vietnamese) => {
  for (const [language, text] of [
    ["en", english],
    ["vi", vietnamese],
  ] as const) {
    await speak(language);
    expect(ruleText(i18n.t, language, repeat)).toBe(text);
  }
});
