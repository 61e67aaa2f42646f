import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { loadedLater } from "../../core/lazy-load";
import { type CallHook, useCallShortcuts, useRoomSounds, useStanding, useWakeLock } from "../../hooks";
import { speakOf } from "../../i18n";
import type { Participant, Room } from "../../protocol";
import { ChatPlace } from "../chat/ChatPlace";
import { RoomClassPart } from "../classroom/RoomClassPart";
import { LazyPart } from "../common/LazyPart";
import { SettingsDrawer } from "../settings/SettingsDrawer";
import { Captions } from "../tutor/Captions";
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

const clubBar = loadedLater(async () => {
  const [{ ClubBar }] = await Promise.all([import("../club/ClubBar"), speakOf("club")]);
  return ClubBar;
});
const mutedNotice = loadedLater(async () => {
  const [{ MutedNotice }] = await Promise.all([import("../safety/MutedNotice"), speakOf("safety")]);
  return MutedNotice;
});

/** Most rooms are without the tutor. */
const tutorCard = loadedLater(async () => (await import("../tutor/TutorCard")).TutorCard);

interface Props {
  call: CallHook;
  room: Room;
  me: Participant;
}

/** The room, in the whole window. The controls are at the bottom, in reach of a thumb. */
export function RoomView({ call, room, me }: Props) {
  const standing = useStanding();
  const [settingsOpen, settings] = useDisclosure(false);
  const [inviteOpen, invite] = useDisclosure(false);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const { isHeld } = useCallShortcuts();
  useWakeLock(true);
  useRoomSounds();
  useRoomToasts();
  useMicrophoneToasts();
  return (
    <div className={classes.view}>
      <RoomHeader call={call} room={room} onInvite={invite.open} />
      {(call.club.topicIndex !== null || call.club.turns) && <LazyPart load={clubBar} props={{ call, me }} />}
      <div className={classes.body}>
        <main
          id="content"
          tabIndex={-1}
          className={classes.stage}
          data-tutor={room.tutor !== null}
          data-chat={call.isChatOpen}
        >
          <ConnectionNotices call={call} />
          {standing?.mutedUntil && <LazyPart load={mutedNotice} props={{}} />}
          <KnockPanel call={call} />
          {room.tutor && (
            <div className={classes.tutor}>
              <LazyPart load={tutorCard} props={{ call, tutor: room.tutor, me }} />
              {room.tutor.teaches && (
                <RoomClassPart taught={room.tutor.teaches} isHost={call.isHost} isStale={call.isStale} />
              )}
            </div>
          )}
          <ParticipantGrid call={call} room={room} me={me} onHidden={setHidden} />
          {call.participants.length === 1 && <EmptyRoom room={room} isHost={call.isHost} />}
        </main>
        <ChatPlace call={call} room={room} me={me} />
      </div>
      {room.tutor && <Captions call={call} tutor={room.tutor} />}
      <ControlBar call={call} me={me} hidden={hidden} isHeld={isHeld} onSettings={settings.open} />
      <SettingsDrawer opened={settingsOpen} onClose={settings.close} />
      <InviteModal opened={inviteOpen} onClose={invite.close} call={call} room={room} />
      <Announcer />
    </div>
  );
}
