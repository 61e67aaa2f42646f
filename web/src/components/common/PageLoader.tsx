import { Center, Loader, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useIsOnline } from "../../hooks";
import classes from "./StatusPage.module.css";
import { useWaitText } from "./useWaitText";

interface Props {
  label?: string;
  text?: string | undefined;
  /** Buttons for what the person can do meanwhile. */
  children?: React.ReactNode;
}

/** A wait for the server. Says why it takes long: offline, or what the requests failed with, which are repeated. */
export function PageLoader({ label, text, children }: Props) {
  const { t } = useTranslation();
  const isOnline = useIsOnline();
  const wait = useWaitText();
  const reason = isOnline ? (text ?? wait) : wait;
  return (
    <Center mih="60dvh">
      <Stack align="center">
        <div role="status" aria-label={reason ? undefined : (label ?? t("app.loading"))}>
          <Stack align="center">
            <Loader />
            {label && (
              <Title order={1} size="h4" tabIndex={-1}>
                {label}
              </Title>
            )}
            {!isOnline && <Text fw={700}>{t("app.offlineTitle")}</Text>}
            {reason && (
              <Text c="dimmed" ta="center" className={classes.text}>
                {reason}
              </Text>
            )}
          </Stack>
        </div>
        {children && <div className={classes.actions}>{children}</div>}
      </Stack>
    </Center>
  );
}
