import { useTranslation } from "react-i18next";

/** The reader's own zone. */
export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** As people read it: "America/New York". */
export const zoneName = (zone: string) => zone.replaceAll("_", " ");

/** Times in the page's language, each with its zone named. */
export function useTimes() {
  const { i18n } = useTranslation();
  const format = (at: string, timeZone: string) =>
    new Intl.DateTimeFormat(i18n.language, {
      weekday: "short",
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      timeZone,
      timeZoneName: "short",
    }).format(new Date(at));
  return {
    /** In the reader's own zone. */
    own: (at: string) => format(at, ownZone()),
    /** In the organiser's zone; null if that shows the same. */
    theirs: (at: string, zone: string) => {
      const text = format(at, zone);
      return text === format(at, ownZone()) ? null : `${text} · ${zoneName(zone)}`;
    },
  };
}
