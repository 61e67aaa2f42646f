import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { withRetries } from "../core/lazy-load";
import type { Locale } from "../hooks";
import en from "./en.json";

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
  resources: { en: { translation: en } },
  partialBundledLanguages: true,
  lng: "en",
  fallbackLng: "en",
  interpolation: { escapeValue: false },
  initAsync: false,
});

/** English is part of the page, as the fallback for the others. */
const TEXTS: Record<Exclude<Locale, "en">, () => Promise<{ default: object }>> = {
  vi: () => import("./vi.json"),
};
let wanted: Locale = "en";

/** Changes the page's language when its texts are loaded. If they cannot be loaded, the language stays. */
export async function speak(locale: Locale): Promise<void> {
  wanted = locale;
  if (locale !== "en" && !i18n.hasResourceBundle(locale, "translation")) {
    const texts = await withRetries(TEXTS[locale]).catch(() => null);
    if (!texts) return;
    i18n.addResourceBundle(locale, "translation", texts.default);
  }
  if (locale !== wanted) return;
  await i18n.changeLanguage(locale);
  // Screen readers select their voice by it.
  document.documentElement.lang = locale;
}
