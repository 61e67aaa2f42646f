import { Button, Text, Title } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMicrophone } from "../../hooks";
import classes from "./JoinPanel.module.css";
import { MicrophoneCheck } from "./MicrophoneCheck";

interface Props {
  headingId: string;
  onJoin(): void;
}

/** Buttons to join with and without a microphone. The browser's prompt appears only after a click. */
export function JoinPanel({ headingId, onJoin }: Props) {
  const { t } = useTranslation();
  const microphone = useMicrophone();
  const [waiting, setWaiting] = useState(false);
  const { status } = microphone;
  const isReady = status === "ready";
  const canAsk = status === "idle" || status === "asking";

  useEffect(() => {
    if (!waiting || status === "asking" || status === "idle") return;
    setWaiting(false);
    if (status === "ready") onJoin();
  }, [waiting, status, onJoin]);

  const join = () => {
    if (isReady) return onJoin();
    setWaiting(true);
    void microphone.start();
  };

  return (
    <>
      <div>
        <Title order={2} id={headingId} className={classes.heading}>
          {t("prejoin.microphone")}
        </Title>
        <Text c="dimmed" mt={4}>
          {t("prejoin.microphoneLead")}
        </Text>
      </div>
      <MicrophoneCheck microphone={microphone} />
      <div className={classes.actions}>
        {(isReady || canAsk) && (
          <Button size="lg" fullWidth loading={waiting} onClick={join}>
            {t("prejoin.join")}
          </Button>
        )}
        {!isReady && (
          <Button
            size={canAsk ? "md" : "lg"}
            fullWidth
            variant={canAsk ? "subtle" : "filled"}
            onClick={onJoin}
          >
            {t("prejoin.joinAsListener")}
          </Button>
        )}
        {!isReady && (
          <Text size="sm" c="dimmed" ta="center">
            {t("prejoin.listenerHint")}
          </Text>
        )}
      </div>
    </>
  );
}
