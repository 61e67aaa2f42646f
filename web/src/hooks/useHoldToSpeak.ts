import { useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { parlor } from "../core/parlor";
import { HoldToSpeak, listenForShortcuts } from "../core/push-to-talk";

export interface HoldHook {
  isHeld: boolean;
  start(): void;
  stop(): void;
}

/** Holding the button, or space where no field needs it, speaks to the tutor. Does nothing while not `active`. */
export function useHoldToSpeak(active: boolean): HoldHook {
  const withKeys = useStore(parlor.settings, (state) => state.shortcutsEnabled);
  const [isHeld, setHeld] = useState(false);
  const hold = useMemo(
    () =>
      new HoldToSpeak({
        setMuted: (muted) => parlor.call.setMuted(muted),
        hold: (speaking) => parlor.call.send("hold", { speaking }),
        changed: setHeld,
      }),
    [],
  );
  useEffect(() => (active ? hold.stop : undefined), [active, hold]);
  useEffect(() => {
    if (!active || !withKeys) return;
    return listenForShortcuts({
      isMuted: () => parlor.call.store.getState().isMuted,
      setMuted: (muted) => (muted ? hold.stop() : hold.start()),
      toggleMute: () => {},
      held: () => {},
    });
  }, [active, withKeys, hold]);
  return { isHeld, start: hold.start, stop: hold.stop };
}
