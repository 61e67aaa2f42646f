import { Button } from "@mantine/core";
import { IconSparkles } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Room } from "../../protocol";
import { useTutorInvite } from "../tutor/useTutorInvite";
import classes from "./EmptyRoom.module.css";

/** Nobody else is here yet: how others find the room, and for its host somebody to talk with until then. */
export function EmptyRoom({ room, isHost }: { room: Room; isHost: boolean }) {
  const { t } = useTranslation();
  const { invite } = useTutorInvite(room.id);
  return (
    <div className={classes.alone}>
      <p className={classes.text}>{t(room.type === "private" ? "room.onlyYouPrivate" : "room.onlyYou")}</p>
      {isHost && !room.tutor && (
        <Button variant="light" leftSection={<IconSparkles size={18} aria-hidden="true" />} onClick={invite}>
          {t("tutor.invite")}
        </Button>
      )}
    </div>
  );
}
