import { useDisclosure } from "@mantine/hooks";
import { type CallHook, useCallShortcuts, useWakeLock } from "../../hooks";
import type { Participant, Room } from "../../protocol";
import { SettingsDrawer } from "../settings/SettingsDrawer";
import { Captions } from "../tutor/Captions";
import { TutorStrip } from "../tutor/TutorStrip";
import { Alone } from "./Alone";
import { Announcer } from "./Announcer";
import { ControlBar } from "./ControlBar";
import { InviteModal } from "./InviteModal";
import { Notices } from "./Notices";
import { ParticipantGrid } from "./ParticipantGrid";
import { RoomHeader } from "./RoomHeader";
import classes from "./RoomView.module.css";
import { useMicrophoneToasts } from "./useMicrophoneToasts";
import { useRoomToasts } from "./useRoomToasts";

interface Props {
  call: CallHook;
  room: Room;
  me: Participant;
}

/** The room has the whole window: who is here, and the controls within a thumb's reach. */
export function RoomView({ call, room, me }: Props) {
  const [settingsOpen, settings] = useDisclosure(false);
  const [inviteOpen, invite] = useDisclosure(false);
  const { isHeld } = useCallShortcuts();
  useWakeLock(true);
  useRoomToasts();
  useMicrophoneToasts();
  return (
    <div className={classes.view}>
      <RoomHeader call={call} room={room} onInvite={invite.open} />
      <main id="content" tabIndex={-1} className={classes.stage}>
        <Notices call={call} />
        {room.tutor && <TutorStrip call={call} tutor={room.tutor} me={me} />}
        <ParticipantGrid call={call} room={room} me={me} />
        {call.participants.length === 1 && <Alone room={room} isHost={call.isHost} />}
        {room.tutor && <Captions call={call} tutor={room.tutor} />}
      </main>
      <ControlBar call={call} me={me} isHeld={isHeld} onSettings={settings.open} />
      <SettingsDrawer opened={settingsOpen} onClose={settings.close} />
      <InviteModal opened={inviteOpen} onClose={invite.close} call={call} room={room} />
      <Announcer />
    </div>
  );
}
