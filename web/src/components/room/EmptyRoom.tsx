import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Room } from "../../protocol";
import { TutorFace } from "../common/TutorFace";
import { useTutorInvite } from "../tutor/useTutorInvite";
import classes from "./EmptyRoom.module.css";

/** Shown while nobody else is in the room: how others find it and, for the host, the offer to invite the tutor. */
export function EmptyRoom({ room, isHost }: { room: Room; isHost: boolean }) {
  const { t } = useTranslation();
  const { invite } = useTutorInvite(room.id);
  return (
    <div className={classes.alone}>
      <p className={classes.text}>{t(room.type === "private" ? "room.onlyYouPrivate" : "room.onlyYou")}</p>
      {isHost && !room.tutor && room.tutorAllowed && (
        <Button variant="light" leftSection={<TutorFace size={22} />} onClick={invite}>
          {t("tutor.invite")}
        </Button>
      )}
    </div>
  );
}
