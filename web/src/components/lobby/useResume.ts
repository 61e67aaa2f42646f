import { useEffect, useRef } from "react";
import { useMicrophone } from "../../hooks";

/**
 * After a reload the seat is still kept: back to it, without the door. The microphone comes along where the
 * browser need not ask again; whether it is heard is the mute state's business, not this one's.
 */
export function useResume(resumes: boolean, join: () => void): void {
  const { start } = useMicrophone();
  const latest = useRef({ start, join });
  latest.current = { start, join };
  useEffect(() => {
    if (!resumes) return;
    latest.current.join();
    void isMicrophoneAllowed().then((allowed) => {
      if (allowed) void latest.current.start();
    });
  }, [resumes]);
}

async function isMicrophoneAllowed(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: "microphone" })).state === "granted";
  } catch {
    // Firefox before 131 does not know this name.
    return false;
  }
}
