import { useMemo } from "react";
import { useTranslation } from "react-i18next";

/** Selectable languages, as BCP 47 tags that the server accepts. */
export const LANGUAGES = [
  "en",
  "vi",
  "ar",
  "bn",
  "cs",
  "da",
  "de",
  "el",
  "es",
  "fa",
  "fi",
  "fil",
  "fr",
  "he",
  "hi",
  "hu",
  "id",
  "it",
  "ja",
  "jv",
  "km",
  "ko",
  "lo",
  "ms",
  "my",
  "nl",
  "no",
  "pa",
  "pl",
  "pt",
  "pt-BR",
  "ro",
  "ru",
  "sk",
  "sr",
  "sv",
  "sw",
  "ta",
  "te",
  "th",
  "tr",
  "uk",
  "ur",
  "uz",
  "zh",
  "zh-Hant",
] as const;

export interface Option {
  value: string;
  label: string;
}

function options(codes: readonly string[], nameOf: (code: string) => string, locale: string): Option[] {
  const collator = new Intl.Collator(locale);
  return codes
    .map((value) => ({ value, label: nameOf(value) }))
    .sort((a, b) => collator.compare(a.label, b.label));
}

function namer(locale: string, type: "language" | "region"): (code: string) => string {
  const names = new Intl.DisplayNames([locale], { type });
  return (code) => {
    try {
      const name = names.of(code) ?? code;
      return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
    } catch {
      // RangeError for a malformed code: show the code.
      return code;
    }
  };
}

/** Names of languages and countries in the language of the page. */
export function useNames() {
  const { i18n } = useTranslation();
  const locale = i18n.language;
  return useMemo(() => {
    const language = namer(locale, "language");
    const country = namer(locale, "region");
    return {
      language,
      /** Inside a sentence: Vietnamese writes "tiếng Anh" there. */
      languageInText: (code: string) => language(code).replace(/^Tiếng /, "tiếng "),
      country,
      languageOptions: () => options(LANGUAGES, language, locale),
      countryOptions: (codes: readonly string[]) => options(codes, country, locale),
    };
  }, [locale]);
}
