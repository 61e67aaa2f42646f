import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { withRetries } from "../core/lazy-load";
import type { Locale } from "../hooks";
import en from "./en.json";

export const LOCALES: Record<Locale, string> = { en: "English", vi: "Tiếng Việt" };

/** The first language of the browser that we have texts in; English otherwise. */
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

/** English comes with the page, as what the others fall back to. */
const TEXTS: Record<Exclude<Locale, "en">, () => Promise<{ default: object }>> = {
  vi: () => import("./vi.json"),
};
let wanted: Locale = "en";

/** Changes the language of the page, once its texts are here. Where they do not come, the language stays. */
export async function speak(locale: Locale): Promise<void> {
  wanted = locale;
  if (locale !== "en" && !i18n.hasResourceBundle(locale, "translation")) {
    const texts = await withRetries(TEXTS[locale]).catch(() => null);
    if (!texts) return;
    i18n.addResourceBundle(locale, "translation", texts.default);
  }
  if (locale !== wanted) return;
  await i18n.changeLanguage(locale);
  // Tells screen readers which voice to use.
  document.documentElement.lang = locale;
}
