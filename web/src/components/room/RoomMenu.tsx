import { ActionIcon, Menu, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { modals } from "@mantine/modals";
import {
  IconAdjustmentsHorizontal,
  IconDoor,
  IconDoorEnter,
  IconDoorExit,
  IconDotsVertical,
  IconEdit,
  IconLock,
  IconLockOpen,
  IconSchool,
  IconUserX,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { loadedLater } from "../../core/lazy-load";
import type { CallHook } from "../../hooks";
import { speakOf } from "../../i18n";
import type { Room } from "../../protocol";
import { ClassModal } from "../classroom/ClassModal";
import { LazyPart } from "../common/LazyPart";
import { SideDrawer } from "../common/SideDrawer";
import { TutorFace } from "../common/TutorFace";
import { useTutorInvite } from "../tutor/useTutorInvite";
import { RemovedPeopleModal } from "./RemovedPeopleModal";

interface Props {
  call: CallHook;
  room: Room;
}

const hostPanel = loadedLater(async () => {
  const [{ HostPanel }] = await Promise.all([import("../club/HostPanel"), speakOf("club")]);
  return HostPanel;
});
const editForm = loadedLater(async () => (await import("./EditRoomForm")).EditRoomForm);

/** The host's actions for the room as a whole; co-hosts edit it. */
export function RoomMenu({ call, room }: Props) {
  const { t } = useTranslation();
  const tutor = useTutorInvite(room.id);
  const [bansOpen, bans] = useDisclosure(false);
  const [lessonOpen, lesson] = useDisclosure(false);
  const [editOpen, edit] = useDisclosure(false);
  const [panelOpen, panel] = useDisclosure(false);
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
            leftSection={<IconAdjustmentsHorizontal size={18} aria-hidden="true" />}
            onClick={panel.open}
          >
            {t("room.run")}
          </Menu.Item>
          <Menu.Item leftSection={<IconEdit size={18} aria-hidden="true" />} onClick={edit.open}>
            {t("edit.title")}
          </Menu.Item>
          {call.isHost && (
            <>
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
              {(room.tutor || room.tutorAllowed) && (
                <Menu.Item
                  leftSection={<TutorFace size={20} />}
                  onClick={room.tutor ? tutor.dismiss : tutor.invite}
                >
                  {t(room.tutor ? "tutor.remove" : "tutor.invite")}
                </Menu.Item>
              )}
              {(room.tutor || room.tutorAllowed) && (
                <Menu.Item leftSection={<IconSchool size={18} aria-hidden="true" />} onClick={lesson.open}>
                  {t("classroom.invite")}
                </Menu.Item>
              )}
              <Menu.Item
                c="var(--parlor-danger)"
                leftSection={<IconDoorExit size={18} aria-hidden="true" />}
                onClick={confirmClose}
              >
                {t("room.closeRoom")}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <SideDrawer opened={panelOpen} onClose={panel.close} title={t("room.run")}>
        <LazyPart load={hostPanel} props={{ call, room }} />
      </SideDrawer>
      <SideDrawer opened={editOpen} onClose={edit.close} title={t("edit.title")}>
        <LazyPart load={editForm} props={{ call, room, onDone: edit.close }} />
      </SideDrawer>
      <ClassModal
        opened={lessonOpen}
        onClose={lesson.close}
        roomId={room.id}
        isTaught={Boolean(room.tutor?.teaches)}
      />
      <RemovedPeopleModal opened={bansOpen} onClose={bans.close} call={call} />
    </>
  );
}
