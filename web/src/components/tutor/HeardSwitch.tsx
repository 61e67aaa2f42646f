import { Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useTutorActions } from "../../hooks";
import type { Participant, Tutor } from "../../protocol";

interface Props {
  tutor: Tutor;
  me: Participant;
  /** Nobody else is there to hear one. */
  alone?: boolean;
}

/** Whether the tutor gets one's own voice. */
export function HeardSwitch({ tutor: { name }, me, alone = false }: Props) {
  const { t } = useTranslation();
  const { setHeard } = useTutorActions();
  return (
    <Switch
      label={t("tutor.heard", { name })}
      description={alone ? t("tutor.heardHintAlone", { name }) : t("tutor.heardHint")}
      checked={me.heardByTutor}
      onChange={(event) => setHeard(event.currentTarget.checked)}
    />
  );
}
