import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNames } from "../../i18n/names";
import type { Tutor } from "../../protocol";
import { FallbackNote } from "../tutor/FallbackNote";
import classes from "./TutorNotice.module.css";

/** What keeps the tutor from answering, or from hearing, and what one can do meanwhile. */
export function TutorNotice({ tutor }: { tutor: Tutor }) {
  const { t } = useTranslation();
  const names = useNames();
  const isDeaf = tutor.status === "ready" && tutor.engines !== null && tutor.engines.stt === null;
  return (
    <div role="status" className={classes.notices}>
      {tutor.status !== "ready" && (
        <Alert color="brass" title={t(`tutor.statuses.${tutor.status}`)}>
          {t(`tutor.statusHints.${tutor.status}`)}
        </Alert>
      )}
      {isDeaf && (
        <Alert color="brass">
          {t("tutor.noStt", { language: names.language(tutor.language) })} {t("practice.deafHint")}
        </Alert>
      )}
      <FallbackNote tutor={tutor} />
    </div>
  );
}
