import { Button, Switch, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMicrophone, usePlayback, useSettings } from "../../hooks";
import { LevelMeter } from "../common/LevelMeter";
import { DeviceSelect } from "./DeviceSelect";
import classes from "./settings.module.css";

export function SoundSettings() {
  const { t } = useTranslation();
  const microphone = useMicrophone();
  const playback = usePlayback();
  const settings = useSettings();
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>{t("settings.sound")}</legend>
      {microphone.status === "ready" ? (
        <>
          <DeviceSelect
            label={t("settings.microphone")}
            devices={microphone.devices}
            value={microphone.deviceId}
            onChange={(id) => void microphone.select(id)}
          />
          <LevelMeter />
        </>
      ) : (
        <div>
          <Text c="dimmed" mb="xs">
            {t("settings.noMicrophone")}
          </Text>
          <Button variant="light" onClick={() => void microphone.start()}>
            {t("room.addMicrophone")}
          </Button>
        </div>
      )}
      <Switch
        label={t("settings.noiseSuppression")}
        description={t("settings.noiseSuppressionHint")}
        checked={microphone.noiseSuppression}
        onChange={(event) => microphone.setNoiseSuppression(event.currentTarget.checked)}
      />
      <Switch
        label={t("settings.autoGain")}
        description={t("settings.autoGainHint")}
        checked={microphone.autoGain}
        onChange={(event) => microphone.setAutoGain(event.currentTarget.checked)}
      />
      <Switch
        label={t("settings.sounds")}
        description={t("settings.soundsHint")}
        checked={settings.sounds}
        onChange={(event) => settings.setSounds(event.currentTarget.checked)}
      />
      {playback.canPickOutput ? (
        <DeviceSelect
          label={t("settings.speaker")}
          devices={playback.outputs.filter((device) => device.deviceId !== "")}
          value={playback.outputId}
          onChange={playback.setOutput}
          defaultLabel={t("settings.speakerDefault")}
        />
      ) : (
        <p className={classes.hint}>{t("settings.speakerFixed")}</p>
      )}
    </fieldset>
  );
}
