import { useEffect } from "react";
import { useStore } from "zustand";
import { account } from "../core/account";
import { parlor } from "../core/parlor";

const { call } = parlor;

/** Tells the room how long the tutor is to wait in this person's pauses, each time they join and when they change it. */
export function usePatience(): void {
  const patience = useStore(account.settings, (state) => state.patience);
  const isJoined = useStore(call.store, (state) => state.phase === "joined");
  useEffect(() => {
    if (isJoined) call.send("set_patience", { patience });
  }, [isJoined, patience]);
}
