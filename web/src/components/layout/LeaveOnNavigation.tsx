import { useEffect } from "react";
import { useMatch } from "react-router";
import { useCall, useMicrophone } from "../../hooks";

/** Navigating away from a room's page leaves the room, or its door, and stops the microphone. The page of a talk leaves by itself. */
export function LeaveOnNavigation() {
  const shown = useMatch("/rooms/:roomId")?.params.roomId;
  const isTalk = useMatch("/talk") !== null;
  const { room, phase, knocking, leave } = useCall();
  const { stop } = useMicrophone();
  const seated = phase === "joined" || phase === "reconnecting" ? room?.id : knocking?.roomId;
  useEffect(() => {
    if (seated !== undefined && seated !== shown && !isTalk) void leave();
  }, [seated, shown, isTalk, leave]);
  useEffect(() => {
    if (shown !== undefined) return stop;
  }, [shown, stop]);
  return null;
}
