import { createStore } from "zustand/vanilla";

/** Whether this tab is in a call, for parts of the page that are loaded without the code of calls. */
export const callActivity = createStore(() => ({ isInCall: false }));
