import { useTranslation } from "react-i18next";
import { useTutorOffer } from "../../hooks";
import { useNames } from "../../i18n/names";

/** Where no tutor speaks the language: that, and which there are. */
export function useUntaughtLine(language: string): string | null {
  const { t, i18n } = useTranslation();
  const names = useNames();
  const offered = useTutorOffer();
  if (offered === null || offered.includes(language.split("-", 1)[0] ?? language)) return null;
  const list = new Intl.ListFormat(i18n.language, { type: "conjunction" });
  return t("tutor.untaught", {
    language: names.language(language),
    languages: list.format(offered.map(names.language)),
  });
}
