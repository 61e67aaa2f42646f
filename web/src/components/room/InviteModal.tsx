import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { loadedLater } from "../../core/lazy-load";
import type { CallHook } from "../../hooks";
import type { Room } from "../../protocol";
import { LazyPart } from "../common/LazyPart";

const inviteForm = loadedLater(async () => (await import("./InviteForm")).InviteForm);

interface Props {
  opened: boolean;
  onClose(): void;
  call: CallHook;
  room: Room;
}

export function InviteModal({ opened, onClose, call, room }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("invite.title")}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <LazyPart load={inviteForm} props={{ call, room }} />
    </Modal>
  );
}
