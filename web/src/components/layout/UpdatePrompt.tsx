import { useRegisterSW } from "virtual:pwa-register/react";
import { Button, Dialog, Group, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useIsInCall } from "../../hooks";

/** Offers a reload when a new version is ready, but not during a call. */
export function UpdatePrompt() {
  const { t } = useTranslation();
  const isInCall = useIsInCall();
  const [dismissed, setDismissed] = useState(false);
  const {
    needRefresh: [ready],
    updateServiceWorker,
  } = useRegisterSW();
  return (
    <Dialog
      opened={ready && !dismissed && !isInCall}
      role="status"
      radius="lg"
      shadow="md"
      withBorder
      size="md"
    >
      <Text fw={600} mb="sm">
        {t("app.newVersion")}
      </Text>
      <Group gap="xs">
        <Button onClick={() => void updateServiceWorker(true)}>{t("app.reload")}</Button>
        <Button variant="subtle" onClick={() => setDismissed(true)}>
          {t("app.later")}
        </Button>
      </Group>
    </Dialog>
  );
}
