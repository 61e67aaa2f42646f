import { useTranslation } from "react-i18next";

/** Formats a time of the wire as a date in the page's language. */
export function useDates(): (at: string) => string {
  const { i18n } = useTranslation();
  return (at) => new Date(at).toLocaleDateString(i18n.language, { dateStyle: "medium" });
}
