import { Button, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CallView } from "../../hooks";
import { StatusPage } from "../common/StatusPage";

interface Props {
  knocking: NonNullable<CallView["knocking"]>;
  onCancel(): void;
}

/** Shown to somebody who has knocked, until the host answers. */
export function AtTheDoor({ knocking, onCancel }: Props) {
  const { t } = useTranslation();
  const { canBeAnswered, position } = knocking;
  return (
    <StatusPage title={t("door.waiting")} autoFocus>
      <Text role="status" c="dimmed" w="100%">
        {t(canBeAnswered ? "door.hostIsHere" : "door.hostIsAway")}{" "}
        {t(position > 1 ? "door.position" : "door.first", { ahead: position - 1 })}
      </Text>
      <Button variant="default" onClick={onCancel}>
        {t("door.cancel")}
      </Button>
    </StatusPage>
  );
}
