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

/** Each language is a chunk. A test checks that none lacks a text, so no other is needed as a fallback. */
const TEXTS: Record<Locale, () => Promise<{ default: object }>> = {
  en: () => import("./en.json"),
  vi: () => import("./vi.json"),
};
let wanted: Locale = "en";

/**
 * Changes the page's language when its texts are loaded. If they cannot be loaded the language stays, or rejects where
 * there is none yet.
 */
export async function speak(locale: Locale): Promise<void> {
  wanted = locale;
  if (!i18n.hasResourceBundle(locale, "translation")) {
    const texts = await withRetries(TEXTS[locale]).catch((error: unknown) => {
      if (!hasTexts()) throw error;
    });
    if (!texts) return;
    i18n.addResourceBundle(locale, "translation", texts.default);
  }
  if (locale !== wanted) return;
  await i18n.changeLanguage(locale);
  // Screen readers select their voice by it.
  document.documentElement.lang = locale;
}

function hasTexts(): boolean {
  return i18n.hasResourceBundle(i18n.language, "translation");
}
