import { useEffect } from "react";
import { useStore } from "zustand";
import { parlor } from "../core/parlor";
import type { OnlineUser } from "../protocol";

export function useOnlineUsers(): { count: number; users: OnlineUser[] } {
  const { count, users } = useStore(parlor.lobby.store);
  useEffect(() => parlor.lobby.watch(), []);
  return { count, users };
}
