import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { withRetries } from "../core/lazy-load";
import type { Locale } from "../hooks";

export const LOCALES: Record<Locale, string> = { en: "English", vi: "Tiếng Việt" };

/** The first of the browser's languages that has texts, or English. */
export function browserLocale(wanted: readonly string[] = navigator.languages): Locale {
  for (const tag of wanted) {
    const language = tag.split("-")[0]?.toLowerCase();
    if (language === "en" || language === "vi") return language;
  }
  return "en";
}

export const i18n = i18next.createInstance();

void i18n.use(initReactI18next).init({
  resources: {},
  partialBundledLanguages: true,
  lng: "en",
  fallbackLng: "en",
  interpolation: { escapeValue: false },
  initAsync: false,
});

type Load = () => Promise<{ default: object }>;
/** Each language has chunks of its own. A test checks that none lacks a text, so no other is needed as a fallback. */
const PARTS = {
  /** Of the landing page, the list of rooms and a room. */
  base: { en: () => import("./en.json"), vi: () => import("./vi.json") },
  /** Of reports, rules, privacy and moderation. */
  safety: { en: () => import("./safety-en.json"), vi: () => import("./safety-vi.json") },
  /** Of the page with goals and badges. */
  progress: { en: () => import("./progress-en.json"), vi: () => import("./progress-vi.json") },
  /** Of topics, turns and the host's panel. */
  club: { en: () => import("./club-en.json"), vi: () => import("./club-vi.json") },
  /** Of profile cards, friends, invitations, and notices of them. */
  people: { en: () => import("./people-en.json"), vi: () => import("./people-vi.json") },
  /** Of all other pages. */
  pages: { en: () => import("./pages-en.json"), vi: () => import("./pages-vi.json") },
} satisfies Record<string, Record<Locale, Load>>;
export type TextPart = keyof typeof PARTS;
const needed = new Set<TextPart>(["base"]);
/** Part and locale of the texts that have been loaded. */
const added = new Set<string>();
let wanted: Locale = "en";

/**
 * Changes the page's language when its texts are loaded. If they cannot be loaded the language stays, or rejects where
 * there is none yet.
 */
export async function speak(locale: Locale): Promise<void> {
  wanted = locale;
  try {
    await Promise.all([...needed].map((part) => add(part, locale)));
  } catch (error) {
    if (!added.has(`base/${i18n.language}`)) throw error;
    return;
  }
  if (locale !== wanted) return;
  await i18n.changeLanguage(locale);
  // Screen readers select their voice by it.
  document.documentElement.lang = locale;
}

/** Loads the texts of `part`, in the present language and in those that are spoken later. */
export async function speakOf(part: TextPart): Promise<void> {
  needed.add(part);
  await add(part, wanted);
}

async function add(part: TextPart, locale: Locale): Promise<void> {
  const key = `${part}/${locale}`;
  if (added.has(key)) return;
  const texts = await withRetries<{ default: object }>(PARTS[part][locale]);
  // Parts arrive in any order, and share the names of groups.
  i18n.addResourceBundle(locale, "translation", texts.default, true);
  added.add(key);
}
