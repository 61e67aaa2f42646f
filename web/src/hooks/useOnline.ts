import type { OnlineUser } from "../protocol";

export function useOnline(): { count: number; users: OnlineUser[] } {
  return { count: 0, users: [] };
}
