import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { type CallHook, useCallShortcuts, useWakeLock } from "../../hooks";
import type { Participant, Room } from "../../protocol";
import { SettingsDrawer } from "../settings/SettingsDrawer";
import { Captions } from "../tutor/Captions";
import { TutorCard } from "../tutor/TutorCard";
import { Announcer } from "./Announcer";
import { ConnectionNotices } from "./ConnectionNotices";
import { ControlBar } from "./ControlBar";
import { EmptyRoom } from "./EmptyRoom";
import { InviteModal } from "./InviteModal";
import { KnockPanel } from "./KnockPanel";
import { ParticipantGrid } from "./ParticipantGrid";
import { RoomHeader } from "./RoomHeader";
import classes from "./RoomView.module.css";
import { useMicrophoneToasts, useRoomToasts } from "./toasts";

interface Props {
  call: CallHook;
  room: Room;
  me: Participant;
}

/** The room, in the whole window. The controls are at the bottom, in reach of a thumb. */
export function RoomView({ call, room, me }: Props) {
  const [settingsOpen, settings] = useDisclosure(false);
  const [inviteOpen, invite] = useDisclosure(false);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const { isHeld } = useCallShortcuts();
  useWakeLock(true);
  useRoomToasts();
  useMicrophoneToasts();
  return (
    <div className={classes.view}>
      <RoomHeader call={call} room={room} onInvite={invite.open} />
      <main id="content" tabIndex={-1} className={classes.stage} data-tutor={room.tutor !== null}>
        <ConnectionNotices call={call} />
        <KnockPanel call={call} />
        {room.tutor && (
          <div className={classes.tutor}>
            <TutorCard call={call} tutor={room.tutor} me={me} />
          </div>
        )}
        <ParticipantGrid call={call} room={room} me={me} onHidden={setHidden} />
        {call.participants.length === 1 && <EmptyRoom room={room} isHost={call.isHost} />}
      </main>
      {room.tutor && <Captions call={call} tutor={room.tutor} />}
      <ControlBar call={call} me={me} hidden={hidden} isHeld={isHeld} onSettings={settings.open} />
      <SettingsDrawer opened={settingsOpen} onClose={settings.close} />
      <InviteModal opened={inviteOpen} onClose={invite.close} call={call} room={room} />
      <Announcer />
    </div>
  );
}
