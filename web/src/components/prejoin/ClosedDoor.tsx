import { Button, Text, Title } from "@mantine/core";
import { IconBell, IconBellFilled, IconLock, IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { RoomPreview } from "../../protocol";
import classes from "./ClosedDoor.module.css";

interface Props {
  room: RoomPreview;
  headingId: string;
  /** Whether the page tells the person once they can join. */
  isWaiting: boolean;
  onWait(waits: boolean): void;
}

/** In place of the buttons to join a full or locked room: what the person can do instead. */
export function ClosedDoor({ room, headingId, isWaiting, onWait }: Props) {
  const { t } = useTranslation();
  const reason = room.admission === "full" ? "full" : "locked";
  const Icon = reason === "full" ? IconUsers : IconLock;
  return (
    <div className={classes.door}>
      <Title order={2} id={headingId} className={classes.heading}>
        <Icon size={22} aria-hidden="true" />
        {t(`prejoin.${reason}.title`)}
      </Title>
      <Text>{t(`prejoin.${reason}.text`)}</Text>
      <Button
        size="md"
        fullWidth
        variant={isWaiting ? "light" : "filled"}
        aria-pressed={isWaiting}
        classNames={{ root: classes.tell, label: classes.label }}
        leftSection={
          isWaiting ? (
            <IconBellFilled size={20} aria-hidden="true" />
          ) : (
            <IconBell size={20} aria-hidden="true" />
          )
        }
        onClick={() => onWait(!isWaiting)}
      >
        {t(`prejoin.${reason}.tellMe`)}
      </Button>
      <Text size="sm" c="dimmed" ta="center" role="status">
        {isWaiting ? t("prejoin.waiting") : ""}
      </Text>
      <Button
        component={Link}
        to={`/rooms?level=${room.level}&language=${encodeURIComponent(room.language)}`}
        variant="default"
        fullWidth
      >
        {t("prejoin.others", { level: room.level })}
      </Button>
    </div>
  );
}
