import { useTranslation } from "react-i18next";
import type { Tutor } from "../../protocol";
import { useVendors } from "./useVendors";

/** That a tutor listens, who else gets what it hears, and what is kept. */
export function PrivacyNote({ tutor, className }: { tutor: Tutor; className?: string | undefined }) {
  const { t } = useTranslation();
  return (
    <p className={className}>
      {t("tutor.listens", { name: tutor.name })} {useVendors(tutor)} {t("tutor.kept")}
    </p>
  );
}
