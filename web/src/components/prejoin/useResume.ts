import { useEffect, useRef } from "react";
import { useMicrophone } from "../../hooks";

/**
 * After a reload, joins again without asking. The microphone is started too if it was on and the browser will not
 * prompt. Whether it is open depends on the mute state alone.
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
