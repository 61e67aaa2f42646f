import { useTranslation } from "react-i18next";

/** The name under which a person is shown. Somebody whom the reader has blocked has none. */
export function usePersonName(): (person: { name: string; isBlocked?: boolean }) => string {
  const { t } = useTranslation();
  return (person) => (person.isBlocked ? t("people.blockedPerson") : person.name);
}
