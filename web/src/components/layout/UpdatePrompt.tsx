import { useRegisterSW } from "virtual:pwa-register/react";
import { Button, Dialog, Group, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { loadAllOfThisVersion } from "../../core/lazy-load";
import { useIsInCall } from "../../hooks";

/**
 * Offers a reload when a new version is ready, but not during a call. Another tab may accept it: the new version then
 * serves this tab too, and the files of this one are gone.
 */
export function UpdatePrompt() {
  const { t } = useTranslation();
  const isInCall = useIsInCall();
  const [dismissed, setDismissed] = useState(false);
  const [isReplaced, setIsReplaced] = useState(false);
  const {
    needRefresh: [ready],
    updateServiceWorker,
  } = useRegisterSW({ onNeedReload: () => setIsReplaced(true) });
  useEffect(() => {
    if (ready) void loadAllOfThisVersion();
  }, [ready]);
  useEffect(() => {
    if (isReplaced && !isInCall) window.location.reload();
  }, [isReplaced, isInCall]);
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
