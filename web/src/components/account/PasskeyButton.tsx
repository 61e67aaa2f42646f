import { Anchor, Button, Text } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useAccountActions, usePasskeyProblem } from "../../hooks";
import { notify } from "../common/notify";
import { useOrNotify } from "./useOrNotify";

/** Adds a passkey. Where this page allows none it says why. */
export function PasskeyButton({ label }: { label: string }) {
  const { t } = useTranslation();
  const { addPasskey } = useAccountActions();
  const { isBusy, run } = useOrNotify();
  const checked = usePasskeyProblem();
  if (!checked) return null;
  if (checked.problem) return <PasskeyTrouble />;
  const add = () =>
    run(async () => {
      const isAdded = await addPasskey();
      notify(t(isAdded ? "account.passkeyAdded" : "account.passkeyNotAdded"), isAdded ? "velvet" : "brass");
    });
  return (
    <Button
      loading={isBusy}
      leftSection={<IconFingerprint size={20} aria-hidden="true" />}
      onClick={() => void add()}
    >
      {label}
    </Button>
  );
}

/** Why passkeys cannot be used on this page. Nothing where they can. */
export function PasskeyTrouble() {
  const { t } = useTranslation();
  const checked = usePasskeyProblem();
  if (!checked?.problem) return null;
  const { problem, host } = checked;
  if (problem !== "other_host") return <Text c="dimmed">{t(`account.passkeyProblem.${problem}`)}</Text>;
  const { protocol, port, pathname } = window.location;
  const url = `${protocol}//${host}${port && `:${port}`}${pathname}`;
  return (
    <Text c="dimmed">
      {t("account.passkeyProblem.other_host")}{" "}
      <Anchor href={url} underline="always">
        {url}
      </Anchor>
    </Text>
  );
}
