import { Button, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { StatusPage } from "../common/StatusPage";

interface Props {
  /** The host is connected now. */
  canBeAnswered: boolean;
  onCancel(): void;
}

/** Shown to somebody who has knocked, until the host answers. */
export function AtTheDoor({ canBeAnswered, onCancel }: Props) {
  const { t } = useTranslation();
  return (
    <StatusPage title={t("door.waiting")} autoFocus>
      <Text role="status" c="dimmed" w="100%">
        {t(canBeAnswered ? "door.hostIsHere" : "door.hostIsAway")}
      </Text>
      <Button variant="default" onClick={onCancel}>
        {t("door.cancel")}
      </Button>
    </StatusPage>
  );
}
