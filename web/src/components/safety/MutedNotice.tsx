import { Alert } from "@mantine/core";
import { IconMicrophoneOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useStanding } from "../../hooks";
import classes from "./Safety.module.css";
import { useMoment } from "./useMoment";

/** In a room: until when a moderator has muted this person. */
export function MutedNotice() {
  const { t } = useTranslation();
  const moment = useMoment();
  const standing = useStanding();
  const until = standing?.mutedUntil;
  if (!until || new Date(until) <= new Date()) return null;
  return (
    <Alert color="brass" role="status" icon={<IconMicrophoneOff aria-hidden="true" />}>
      <div className={classes.stack}>
        <p>{t("safety.mutedUntil", { date: moment(until) })}</p>
        {standing.muteMessage && (
          <p className={classes.quote} dir="auto">
            {standing.muteMessage}
          </p>
        )}
      </div>
    </Alert>
  );
}
