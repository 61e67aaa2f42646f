import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNames } from "../../i18n/names";
import type { Tutor } from "../../protocol";
import { FallbackNote } from "../tutor/FallbackNote";
import { useDeafLine } from "../tutor/useDeafLine";
import classes from "./TutorNotice.module.css";

/** What keeps the tutor from answering, or from hearing, and what one can do meanwhile. */
export function TutorNotice({ tutor }: { tutor: Tutor }) {
  const { t } = useTranslation();
  const names = useNames();
  const deaf = useDeafLine(tutor);
  return (
    <div role="status" className={classes.notices}>
      {tutor.status !== "ready" && (
        <Alert color="brass" title={t(`tutor.statuses.${tutor.status}`)}>
          {t(`tutor.statusHints.${tutor.status}`, { language: names.language(tutor.language) })}
        </Alert>
      )}
      {deaf && <Alert color="brass">{deaf}</Alert>}
      <FallbackNote tutor={tutor} />
    </div>
  );
}
