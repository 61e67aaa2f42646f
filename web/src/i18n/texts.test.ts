import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import en from "./en.json";
import { browserLocale, i18n, speak } from "./index";
import vi from "./vi.json";

type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") found.set(prefix + key, value);
    else for (const [path, text] of flatten(value, `${prefix}${key}.`)) found.set(path, text);
  }
  return found;
}

const texts = { en: flatten(en), vi: flatten(vi) };
const sources = import.meta.glob<string>(["../**/*.{ts,tsx}", "!../**/*.test.*", "!../dev/**"], {
  eager: true,
  query: "?raw",
  import: "default",
});
const code = Object.values(sources).join("\n");
/** The first picture of the page, before any code. */
const shell = readFileSync("shell/shell.html", "utf8");

/** Keys that code puts together, by the start that it writes out. */
const COMPOSED = [...code.matchAll(/`([a-zA-Z.]+\.|[a-z]+\.(?:how|confirm))\$\{/g)].map(
  (match) => match[1] as string,
);

const withoutPlural = (key: string) => key.replace(/_(zero|one|other)$/, "");
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

describe("texts", () => {
  it("are complete in both languages", () => {
    expect([...texts.vi.keys()].sort()).toEqual([...texts.en.keys()].sort());
  });

  it("carry the same values in both languages", () => {
    for (const [key, text] of texts.en)
      expect([key, placeholders(texts.vi.get(key) ?? "")]).toEqual([key, placeholders(text)]);
  });

  it("are never empty", () => {
    for (const text of [...texts.en.values(), ...texts.vi.values()]) expect(text.trim()).not.toBe("");
  });

  it("are all used", () => {
    const unused = [...texts.en.keys()].map(withoutPlural).filter((key) => {
      if (shell.includes(`{{${key}}}`)) return false;
      return !code.includes(`"${key}"`) && !COMPOSED.some((start) => key.startsWith(start));
    });
    expect(unused).toEqual([]);
  });

  it("exist for every key that code asks for", () => {
    const known = new Set([...texts.en.keys()].map(withoutPlural));
    const asked = [...code.matchAll(/\bt\(\s*"([\w.]+)"/g)].map((match) => match[1] as string);
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter((key) => !known.has(key))).toEqual([]);
  });

  it("count people in each language", async () => {
    await speak("vi");
    const english = i18n.getFixedT("en");
    expect(english("rooms.onlineCount", { count: 1 })).toBe("1 person online");
    expect(english("rooms.onlineCount", { count: 3 })).toBe("3 people online");
    expect(i18n.getFixedT("vi")("rooms.onlineCount", { count: 3 })).toBe("3 người trực tuyến");
  });
});

describe("browserLocale", () => {
  it("takes the first language that has texts", () => {
    expect(browserLocale(["fr-FR", "vi-VN", "en"])).toBe("vi");
  });

  it("falls back to English", () => {
    expect(browserLocale(["fr-FR"])).toBe("en");
    expect(browserLocale([])).toBe("en");
  });
});

describe("speak", () => {
  afterAll(() => speak("en"));

  it("changes the texts and announces it to screen readers", async () => {
    await speak("vi");
    expect(i18n.t("room.mute")).toBe(vi.room.mute);
    expect(document.documentElement.lang).toBe("vi");
  });

  it("ends in the language that was requested last", async () => {
    i18n.removeResourceBundle("vi", "translation");
    await Promise.all([speak("vi"), speak("en")]);
    expect(i18n.language).toBe("en");
  });
});
