import { useTranslation } from "react-i18next";

/** What to call a person: somebody whom the reader has blocked has no name. */
export function usePersonName(): (person: { name: string; isBlocked?: boolean }) => string {
  const { t } = useTranslation();
  return (person) => (person.isBlocked ? t("people.blockedPerson") : person.name);
}
