import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { loadedLater } from "../../core/lazy-load";
import { LazyPart } from "../common/LazyPart";

const picker = loadedLater(() => import("./ClassPicker").then(({ ClassPicker }) => ClassPicker));

interface Props {
  opened: boolean;
  onClose(): void;
  roomId: string;
  isTaught: boolean;
}

/** The host invites the tutor to teach a class, or has the tutor that is there teach one. */
export function ClassModal({ opened, onClose, roomId, isTaught }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("classroom.invite")}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <LazyPart load={picker} props={{ roomId, isTaught, onStarted: onClose }} />
    </Modal>
  );
}
