import { useTranslation } from "react-i18next";

/** A date with its time, in the page's language and the device's zone; empty for none. */
export function useMoment(): (at: string | null) => string {
  const { t, i18n } = useTranslation();
  const days = new Intl.DateTimeFormat(i18n.language, { dateStyle: "long" });
  const times = new Intl.DateTimeFormat(i18n.language, { timeStyle: "short" });
  return (at) => {
    if (!at) return "";
    const moment = new Date(at);
    // A text of ours joins the two: "17:39 1 tháng 12", as Intl writes it, lacks a word in Vietnamese.
    return t("safety.moment", { date: days.format(moment), time: times.format(moment) });
  };
}
