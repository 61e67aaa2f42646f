import { useEffect } from "react";
import { useMatch } from "react-router";
import { useCall, useMicrophone } from "../../hooks";

/** Whoever goes to another page has left the room and its door: no call and no open microphone without its page. */
export function LeaveOnNavigation() {
  const shown = useMatch("/rooms/:roomId")?.params.roomId;
  const { room, phase, leave } = useCall();
  const { stop } = useMicrophone();
  const seated = phase === "joined" || phase === "reconnecting" ? room?.id : undefined;
  useEffect(() => {
    if (seated !== undefined && seated !== shown) void leave();
  }, [seated, shown, leave]);
  useEffect(() => {
    if (shown !== undefined) return stop;
  }, [shown, stop]);
  return null;
}
