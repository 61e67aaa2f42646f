import { useEffect } from "react";
import { useMatch } from "react-router";
import { useCall } from "../../hooks";

/** Whoever goes to another page has left the room: nobody is heard by people they do not see. */
export function LeaveWithPage() {
  const shown = useMatch("/rooms/:roomId")?.params.roomId;
  const { room, phase, leave } = useCall();
  const seated = phase === "joined" || phase === "reconnecting" ? room?.id : undefined;
  useEffect(() => {
    if (seated !== undefined && seated !== shown) void leave();
  }, [seated, shown, leave]);
  return null;
}
