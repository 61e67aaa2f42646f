import { Button, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CallView } from "../../hooks";
import { useRoomPreview } from "../../hooks";
import { StatusPage } from "../common/StatusPage";
import { useOpening } from "./useOpening";

interface Props {
  invite: string | undefined;
  knocking: NonNullable<CallView["knocking"]>;
  onCancel(): void;
}

/** Shown to somebody who has knocked, until the host answers or the room's event begins. */
export function AtTheDoor({ invite, knocking, onCancel }: Props) {
  const { t } = useTranslation();
  const { canBeAnswered, position } = knocking;
  const time = useOpening(useRoomPreview(knocking.roomId, invite).room?.event);
  return (
    <StatusPage title={t("door.waiting")} autoFocus>
      <Text role="status" c="dimmed" w="100%">
        {time ? t("door.opensAt", { time }) : t(canBeAnswered ? "door.hostIsHere" : "door.hostIsAway")}{" "}
        {t(position > 1 ? "door.position" : "door.first", { ahead: position - 1 })}
      </Text>
      <Button variant="default" onClick={onCancel}>
        {t("door.cancel")}
      </Button>
    </StatusPage>
  );
}
