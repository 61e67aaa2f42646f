import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Tutor } from "../../protocol";
import classes from "./FallbackNote.module.css";

/** Which engines did not answer, so that others do. For a `status` region. */
export function FallbackNote({ tutor }: { tutor: Tutor }) {
  const { t } = useTranslation();
  if (tutor.fallbacks.length === 0) return null;
  return (
    <p className={classes.note}>
      <IconAlertTriangle size={18} aria-hidden="true" />
      {t("tutor.fallback", { names: tutor.fallbacks.join(", ") })}
    </p>
  );
}
