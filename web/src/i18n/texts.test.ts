import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it, vi as vitest } from "vitest";
import clubEn from "./club-en.json";
import clubVi from "./club-vi.json";
import en from "./en.json";
import { browserLocale, i18n, speak, speakOf } from "./index";
import pagesEn from "./pages-en.json";
import pagesVi from "./pages-vi.json";
import peopleEn from "./people-en.json";
import peopleVi from "./people-vi.json";
import progressEn from "./progress-en.json";
import progressVi from "./progress-vi.json";
import safetyEn from "./safety-en.json";
import safetyVi from "./safety-vi.json";
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

const texts = {
  en: new Map([en, clubEn, pagesEn, peopleEn, progressEn, safetyEn].flatMap((part) => [...flatten(part)])),
  vi: new Map([vi, clubVi, pagesVi, peopleVi, progressVi, safetyVi].flatMap((part) => [...flatten(part)])),
};
const sources = import.meta.glob<string>(["../**/*.{ts,tsx}", "!../**/*.test.*", "!../dev/**"], {
  eager: true,
  query: "?raw",
  import: "default",
});
const code = Object.values(sources).join("\n");

/** Pages that load no texts but the base's and, where they ask for them, those of safety. */
const BASE_PAGES = ["LandingPage", "RoomsPage", "RoomPage", "NotFoundPage", "PrivacyPage", "RulesPage"];

/** The source files that `BASE_PAGES` and the layout import, at once or later, without what loads the pages' texts. */
function baseFiles(): string[] {
  const waiting = ["../main.tsx", ...BASE_PAGES.map((page) => `../pages/${page}.tsx`)];
  const found = new Set<string>();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file) || sources[file]?.includes('speakOf("pages")')) continue;
    found.add(file);
    for (const [, path] of (sources[file] ?? "").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
      const target = new URL(path as string, `file:///i18n/${file}`).pathname;
      const name = ["", ".ts", ".tsx", "/index.ts"]
        .map((end) => `..${target}${end}`)
        .find((name) => name in sources);
      if (name && !(file === "../router.tsx" && name.startsWith("../pages/"))) waiting.push(name);
    }
  }
  return [...found];
}
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

  it("of the room and the layout are in the base", () => {
    const files = baseFiles();
    expect(files).toContain("../components/room/RoomMenu.tsx");
    const base = files.map((file) => sources[file]).join("\n");
    const pages = [...flatten(pagesEn).keys()].map(withoutPlural);
    expect(pages.filter((key) => base.includes(`"${key}"`))).toEqual([]);
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

/** The module as after a load of the page: without texts. */
function fresh(): Promise<typeof import("./index")> {
  vitest.resetModules();
  return import("./index");
}

describe("speak", () => {
  afterAll(() => speak("en"));

  it("changes the texts and announces it to screen readers", async () => {
    await speak("vi");
    expect(i18n.t("room.mute")).toBe(vi.room.mute);
    expect(document.documentElement.lang).toBe("vi");
  });

  it("adds the texts of safety in each language once a page has asked for them", async () => {
    await speak("en");
    expect(i18n.exists("privacy.title")).toBe(false);
    await speakOf("safety");
    expect(i18n.t("privacy.title")).toBe(safetyEn.privacy.title);
    expect(i18n.t("room.mute")).toBe(en.room.mute);
    await speak("vi");
    expect(i18n.t("privacy.title")).toBe(safetyVi.privacy.title);
  });

  it("ends in the language that was requested last", async () => {
    const { i18n, speak } = await fresh();
    await Promise.all([speak("vi"), speak("en")]);
    expect(i18n.language).toBe("en");
  });

  it("keeps the texts of a page that come before those of the base", async () => {
    const { i18n, speak, speakOf } = await fresh();
    await speakOf("pages");
    await speak("en");
    expect(i18n.t("courses.title")).toBe(pagesEn.courses.title);
    expect(i18n.t("room.mute")).toBe(en.room.mute);
  });
});
