import { Fragment } from "react";
import { flushSync } from "react-dom";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

/**
 * Parts of every page that the landing page can do without. Each is loaded with the first page that needs it, before
 * that page is shown, and stays from then on.
 */
const PARTS = {
  dialogs: async () => (await import("@mantine/modals")).ModalsProvider,
  leaveGuard: async () => (await import("./LeaveGuard")).LeaveGuard,
  leaveOnNavigation: async () => (await import("./LeaveOnNavigation")).LeaveOnNavigation,
  warnings: async () => (await import("../safety/WarningGate")).WarningGate,
  notices: async () => (await import("./LiveNotices")).LiveNotices,
  toasts: async () => (await import("./Toasts")).Toasts,
  updatePrompt: async () => (await import("./UpdatePrompt")).UpdatePrompt,
};

export type LayoutPart = keyof typeof PARTS;

const loaded = createStore<Partial<Record<LayoutPart, React.ComponentType>>>(() => ({}));

/** Resolves when the part is mounted, so that it hears what its callers send it. Rejects if it cannot be loaded. */
export async function loadLayoutPart(name: LayoutPart): Promise<void> {
  if (loaded.getState()[name]) return;
  const part = await PARTS[name]();
  flushSync(() => loaded.setState({ [name]: part }));
}

/** The parts that have been loaded so far. */
export function LayoutParts() {
  const parts = useStore(loaded);
  return Object.entries(parts).map(([name, Part]) => (
    <Fragment key={name}>
      <Part />
    </Fragment>
  ));
}
