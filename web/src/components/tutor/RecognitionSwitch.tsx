import { Switch, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { hasFailed, type RecognitionHook } from "../../hooks";

/** The browser's own ears, for languages that the tutor's cannot hear. Opt-in: they may be somebody else's. */
export function RecognitionSwitch({ recognition }: { recognition: RecognitionHook }) {
  const { t } = useTranslation();
  const { isSupported, isOn, status, setOn } = recognition;
  if (!isSupported) return <Text size="sm">{t("tutor.recognitionMissing")}</Text>;
  return (
    <Switch
      label={t("tutor.recognition")}
      description={t("tutor.recognitionHint")}
      error={!isOn && hasFailed(status) ? t(`tutor.recognitionStatus.${status}`) : undefined}
      checked={isOn}
      onChange={(event) => setOn(event.currentTarget.checked)}
    />
  );
}
