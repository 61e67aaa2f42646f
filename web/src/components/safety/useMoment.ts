import { useTranslation } from "react-i18next";

/** A date with its time, in the page's language and the device's zone; empty for none. */
export function useMoment(): (at: string | null) => string {
  const { i18n } = useTranslation();
  const format = new Intl.DateTimeFormat(i18n.language, { dateStyle: "long", timeStyle: "short" });
  return (at) => (at ? format.format(new Date(at)) : "");
}
