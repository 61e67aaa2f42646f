import { useEffect } from "react";
import { onOpenedNotification } from "../core/service-workers";

/** Calls `goTo` with the path of each notification that was clicked. */
export function useOpenedNotifications(goTo: (path: string) => void): void {
  useEffect(() => onOpenedNotification(goTo), [goTo]);
}
