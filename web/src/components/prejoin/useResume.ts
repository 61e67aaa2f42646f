import { useEffect, useRef } from "react";
import { useMicrophone } from "../../hooks";

/**
 * After a reload the seat is still kept: back to it, without the door. The microphone comes along if it was on and
 * the browser need not ask again; whether it is heard is the mute state's business, not this one's.
 */
export function useResume(resumes: boolean, join: () => void): void {
  const { resume } = useMicrophone();
  const latest = useRef({ resume, join });
  latest.current = { resume, join };
  useEffect(() => {
    if (!resumes) return;
    latest.current.join();
    void latest.current.resume();
  }, [resumes]);
}
