import { Alert, Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSend } from "../../hooks";
import { useNames } from "../../i18n/names";
import type { Tutor } from "../../protocol";
import { FallbackNote } from "../tutor/Engines";
import { useNoSttText } from "../tutor/tutor-texts";
import classes from "./TutorNotice.module.css";

interface Props {
  tutor: Tutor;
  /** The person consents to being heard by the tutor. */
  heard: boolean;
}

/** Why the tutor cannot answer or hear, and what to do meanwhile. */
export function TutorNotice({ tutor, heard }: Props) {
  const { t } = useTranslation();
  const names = useNames();
  const send = useSend();
  const deaf = useNoSttText(tutor);
  const unheard = heard ? deaf : t("tutor.noVoiceConsent", { name: tutor.name });
  return (
    <div role="status" className={classes.notices}>
      {tutor.status !== "ready" && (
        <Alert color="brass" title={t(`tutor.statuses.${tutor.status}`)}>
          {t(`tutor.statusHints.${tutor.status}`, {
            language: names.languageInText(tutor.language),
            name: tutor.name,
          })}
          {tutor.status === "resting" && (
            <Button className={classes.callBack} onClick={() => send("ask_tutor", {})}>
              {t("tutor.callBack", { name: tutor.name })}
            </Button>
          )}
        </Alert>
      )}
      {unheard && <Alert color="brass">{unheard}</Alert>}
      <FallbackNote tutor={tutor} />
    </div>
  );
}
