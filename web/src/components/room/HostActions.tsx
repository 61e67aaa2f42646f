import { Button, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconCrown, IconMicrophoneOff, IconUserX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { CallHook } from "../../hooks";
import type { Participant } from "../../protocol";
import classes from "./PersonMenu.module.css";

interface Props {
  person: Participant;
  call: CallHook;
  onDone(): void;
}

/** Actions on a participant. Nobody can unmute another person, so there is no such button. */
export function HostActions({ person, call, onDone }: Props) {
  const { t } = useTranslation();
  const { name } = person;
  const confirm = (kind: "Remove" | "Host", action: () => void) => {
    onDone();
    modals.openConfirmModal({
      title: t(`room.confirm${kind}Title`, { name }),
      children: <Text>{t(`room.confirm${kind}Text`)}</Text>,
      labels: { confirm: t(`room.confirm${kind}`), cancel: t("room.cancel") },
      confirmProps: kind === "Remove" ? { color: "red" } : {},
      closeButtonProps: { "aria-label": t("app.close") },
      onConfirm: action,
    });
  };
  return (
    <>
      <Button
        variant="subtle"
        justify="flex-start"
        className={classes.action}
        leftSection={<IconMicrophoneOff size={20} aria-hidden="true" />}
        disabled={person.isMuted}
        onClick={() => {
          call.send("mute_participant", { participantId: person.id });
          onDone();
        }}
      >
        {t("room.mutePerson")}
      </Button>
      <Button
        variant="subtle"
        justify="flex-start"
        className={classes.action}
        leftSection={<IconCrown size={20} aria-hidden="true" />}
        onClick={() => confirm("Host", () => call.send("transfer_host", { participantId: person.id }))}
      >
        {t("room.makeHost")}
      </Button>
      <Button
        variant="subtle"
        justify="flex-start"
        color="red"
        className={`${classes.action} ${classes.danger}`}
        leftSection={<IconUserX size={20} aria-hidden="true" />}
        onClick={() => confirm("Remove", () => call.send("remove_participant", { participantId: person.id }))}
      >
        {t("room.removePerson")}
      </Button>
    </>
  );
}
