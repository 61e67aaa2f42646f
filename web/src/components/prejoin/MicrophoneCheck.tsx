import { Alert, Button, Text } from "@mantine/core";
import { IconMicrophone, IconMicrophoneOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { MicrophoneHook } from "../../hooks";
import { LevelMeter } from "../common/LevelMeter";
import { microphoneProblem } from "../common/microphone-problem";
import { DeviceSelect } from "../settings/DeviceSelect";
import classes from "./MicrophoneCheck.module.css";

interface Props {
  microphone: MicrophoneHook;
}

/** State of the microphone, with what to do about it. */
export function MicrophoneCheck({ microphone }: Props) {
  const { t } = useTranslation();
  const { status, input } = microphone;
  const problem = microphoneProblem(status);
  return (
    <div aria-live="polite">
      {status === "idle" && (
        <Button
          variant="light"
          size="md"
          fullWidth
          leftSection={<IconMicrophone size={20} aria-hidden="true" />}
          onClick={() => void microphone.start()}
        >
          {t("prejoin.check")}
        </Button>
      )}
      {status === "asking" && <Alert color="brass">{t("prejoin.asking")}</Alert>}
      {status === "ready" && (
        <div className={classes.ready}>
          <DeviceSelect
            label={t("settings.microphone")}
            devices={microphone.devices}
            value={microphone.deviceId}
            onChange={(id) => void microphone.select(id)}
          />
          <LevelMeter />
          {input === "sound" ? (
            <Text size="sm" c="dimmed">
              {t("prejoin.ready")}
            </Text>
          ) : (
            <Alert color="brass" icon={<IconMicrophoneOff aria-hidden="true" />}>
              {t(`microphoneInput.${input}`)}
            </Alert>
          )}
        </div>
      )}
      {problem && (
        <Alert
          color="red"
          variant="outline"
          title={t(`prejoin.${problem}Title`)}
          icon={<IconMicrophoneOff aria-hidden="true" />}
          className={classes.problem}
        >
          <p className={classes.words}>{t(`prejoin.${problem}Text`)}</p>
          {problem === "insecure" ? (
            <p className={classes.words}>{t("prejoin.insecureOperator")}</p>
          ) : (
            problem !== "unsupported" && (
              <Button variant="default" onClick={() => void microphone.start()}>
                {t("prejoin.checkAgain")}
              </Button>
            )
          )}
        </Alert>
      )}
    </div>
  );
}
