import { useEffect } from "react";
import { useStore } from "zustand";
import { account } from "../core/account";
import { parlor } from "../core/parlor";

const { call } = parlor;

/** Tells the room whether what this person says to others is checked too, when they join and when they change it. */
export function useLaterFeedback(): void {
  const wanted = useStore(account.settings, (state) => state.laterFeedback);
  const isJoined = useStore(call.store, (state) => state.phase === "joined");
  useEffect(() => {
    if (isJoined) call.send("set_later_feedback", { wanted });
  }, [isJoined, wanted]);
}
