import { Outlet } from "react-router";
import { LeaveOnNavigation } from "./LeaveOnNavigation";
import { SkipLink } from "./SkipLink";
import { UpdatePrompt } from "./UpdatePrompt";
import { useRouteFocus } from "./useRouteFocus";

/** Elements of every page. Each page adds `PageLayout`, except the room, which uses the whole window. */
export function AppLayout() {
  useRouteFocus();
  return (
    <>
      <SkipLink />
      <Outlet />
      <LeaveOnNavigation />
      <UpdatePrompt />
    </>
  );
}
