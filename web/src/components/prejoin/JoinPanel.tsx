import { Button, Text, Title } from "@mantine/core";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { loadedLater } from "../../core/lazy-load";
import { useMicrophone, useSession } from "../../hooks";
import { ActionBar } from "../common/ActionBar";
import { focusInvalid } from "../common/form-errors";
import { LazyPart } from "../common/LazyPart";
import type { GuestHandle } from "./GuestPart";
import classes from "./JoinPanel.module.css";
import { MicrophoneCheck } from "./MicrophoneCheck";

const guestPart = loadedLater(async () => (await import("./GuestPart")).GuestPart);

interface Props {
  headingId: string;
  /** The host lets people in one by one. */
  asks?: boolean;
  onJoin(): void;
}

/**
 * Buttons to join with and without a microphone. The browser's prompt appears only after a click. People who have not
 * signed in enter their name here, and sign in by joining.
 */
export function JoinPanel({ headingId, asks = false, onJoin }: Props) {
  const { t } = useTranslation();
  const { user } = useSession();
  const guest = useRef<GuestHandle>(null);
  const [hasForm, setHasForm] = useState(false);
  const onFormReady = useCallback(() => setHasForm(true), []);
  const [isSigningIn, setIsSigningIn] = useState(false);
  const microphone = useMicrophone();
  const [waiting, setWaiting] = useState(false);
  const { status } = microphone;
  const isReady = status === "ready";
  const canEnter = user !== null || hasForm;
  const canAsk = status === "idle" || status === "asking";

  useEffect(() => {
    if (!waiting || status === "asking" || status === "idle") return;
    setWaiting(false);
    if (status === "ready") onJoin();
  }, [waiting, status, onJoin]);

  const speak = () => {
    if (isReady) return onJoin();
    setWaiting(true);
    void microphone.start();
  };

  const enter = async (element: HTMLFormElement | null, then: () => void) => {
    if (user) return then();
    setIsSigningIn(true);
    const isSignedIn = (await guest.current?.signIn()) ?? false;
    setIsSigningIn(false);
    if (isSignedIn) then();
    else if (element) focusInvalid(element);
  };

  return (
    <form
      className={classes.panel}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void enter(event.currentTarget, isReady || canAsk ? speak : onJoin);
      }}
    >
      {!user && <LazyPart load={guestPart} props={{ handle: guest, onReady: onFormReady }} />}
      <div>
        <Title order={2} id={headingId} className={classes.heading}>
          {t("prejoin.microphone")}
        </Title>
        <Text c="dimmed" mt={4}>
          {t("prejoin.microphoneLead")}
        </Text>
      </div>
      <MicrophoneCheck microphone={microphone} />
      <ActionBar within="page">
        {(isReady || canAsk) && (
          <Button type="submit" size="lg" fullWidth loading={waiting || isSigningIn} disabled={!canEnter}>
            {t(asks ? "prejoin.ask" : "prejoin.join")}
          </Button>
        )}
        {!isReady && (
          <Button
            type={canAsk ? "button" : "submit"}
            size={canAsk ? "md" : "lg"}
            fullWidth
            variant={canAsk ? "subtle" : "filled"}
            disabled={isSigningIn || !canEnter}
            onClick={canAsk ? (event) => void enter(event.currentTarget.form, onJoin) : undefined}
          >
            {t(asks ? "prejoin.askAsListener" : "prejoin.joinAsListener")}
          </Button>
        )}
      </ActionBar>
      {!isReady && (
        <Text size="sm" c="dimmed" ta="center">
          {t("prejoin.listenerHint")}
        </Text>
      )}
    </form>
  );
}
