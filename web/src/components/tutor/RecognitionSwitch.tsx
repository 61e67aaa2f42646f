import { Switch, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { RecognitionHook } from "../../hooks";

/** The browser's own ears, for languages that the tutor's cannot hear. Opt-in: they may be somebody else's. */
export function RecognitionSwitch({ recognition }: { recognition: RecognitionHook }) {
  const { t } = useTranslation();
  const { isSupported, isOn, status, setOn } = recognition;
  if (!isSupported) return <Text size="sm">{t("tutor.recognitionMissing")}</Text>;
  const failed = status === "refused" || status === "failed";
  return (
    <Switch
      label={t("tutor.recognition")}
      description={t("tutor.recognitionHint")}
      error={failed ? t(`tutor.recognitionStatus.${status}`) : undefined}
      checked={isOn}
      onChange={(event) => setOn(event.currentTarget.checked)}
    />
  );
}
