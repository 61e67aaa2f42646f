import { ActionIcon, Menu, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { modals } from "@mantine/modals";
import {
  IconDoor,
  IconDoorEnter,
  IconDoorExit,
  IconDotsVertical,
  IconLock,
  IconLockOpen,
  IconUserX,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { CallHook } from "../../hooks";
import type { Room } from "../../protocol";
import { TutorFace } from "../common/TutorFace";
import { useTutorInvite } from "../tutor/useTutorInvite";
import { RemovedPeopleModal } from "./RemovedPeopleModal";

interface Props {
  call: CallHook;
  room: Room;
}

/** The host's actions for the room as a whole. */
export function RoomMenu({ call, room }: Props) {
  const { t } = useTranslation();
  const tutor = useTutorInvite(room.id);
  const [bansOpen, bans] = useDisclosure(false);
  const KnockIcon = room.knockToEnter ? IconDoor : IconDoorEnter;
  const LockIcon = room.isLocked ? IconLockOpen : IconLock;
  const confirmClose = () =>
    modals.openConfirmModal({
      title: t("room.confirmCloseTitle"),
      children: <Text>{t("room.confirmCloseText")}</Text>,
      labels: { confirm: t("room.confirmClose"), cancel: t("room.cancel") },
      confirmProps: { color: "red" },
      closeButtonProps: { "aria-label": t("app.close") },
      onConfirm: () => call.send("close_room", {}),
    });
  return (
    <>
      <Menu position="bottom-end" width={260} withinPortal={false}>
        <Menu.Target>
          <ActionIcon color="gray" c="var(--parlor-ink)" aria-label={t("room.roomMenu")}>
            <IconDotsVertical size={22} aria-hidden="true" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<LockIcon size={18} aria-hidden="true" />}
            onClick={() => call.send("set_locked", { locked: !room.isLocked })}
          >
            {t(room.isLocked ? "room.unlock" : "room.lock")}
          </Menu.Item>
          <Menu.Item
            leftSection={<KnockIcon size={18} aria-hidden="true" />}
            onClick={() => call.send("set_knock", { knockToEnter: !room.knockToEnter })}
          >
            {t(room.knockToEnter ? "room.endKnocking" : "room.startKnocking")}
          </Menu.Item>
          <Menu.Item leftSection={<IconUserX size={18} aria-hidden="true" />} onClick={bans.open}>
            {t("bans.title")}
          </Menu.Item>
          <Menu.Item
            leftSection={<TutorFace size={20} />}
            onClick={room.tutor ? tutor.dismiss : tutor.invite}
          >
            {t(room.tutor ? "tutor.remove" : "tutor.invite")}
          </Menu.Item>
          <Menu.Item
            c="var(--parlor-danger)"
            leftSection={<IconDoorExit size={18} aria-hidden="true" />}
            onClick={confirmClose}
          >
            {t("room.closeRoom")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RemovedPeopleModal opened={bansOpen} onClose={bans.close} call={call} />
    </>
  );
}
