import { Outlet } from "react-router";
import { LeaveOnNavigation } from "./LeaveOnNavigation";
import { SkipLink } from "./SkipLink";
import { UpdatePrompt } from "./UpdatePrompt";
import { useRouteFocus } from "./useRouteFocus";

/** What every page has. A page brings its own frame: `PageLayout`, or the room's, which takes the whole window. */
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
