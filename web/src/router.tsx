import { createBrowserRouter, type RouteObject } from "react-router";
import { AppLayout } from "./components/layout/AppLayout";
import { ErrorPage } from "./components/layout/ErrorPage";
import { type LayoutPart, loadLayoutPart } from "./components/layout/layout-parts";
import { loadPage } from "./core/lazy-load";

/** Each page is a separate chunk, loaded together with the parts of the layout that it needs. */
const page = (
  load: () => Promise<{ default: React.ComponentType }>,
  ...parts: LayoutPart[]
): RouteObject["lazy"] => {
  const loadAll = () => Promise.all([load(), ...parts.map(loadLayoutPart)]);
  return async () => ({ Component: (await loadPage(loadAll))[0].default });
};

export const routes: RouteObject[] = [
  {
    element: <AppLayout />,
    errorElement: <ErrorPage />,
    children: [
      { index: true, lazy: page(() => import("./pages/LandingPage")) },
      { path: "rooms", lazy: page(() => import("./pages/RoomsPage"), "dialogs") },
      { path: "rooms/new", lazy: page(() => import("./pages/CreateRoomPage"), "dialogs") },
      {
        path: "rooms/:roomId",
        lazy: page(() => import("./pages/RoomPage"), "dialogs", "leaveGuard", "leaveOnNavigation"),
      },
      { path: "practice", lazy: page(() => import("./pages/PracticePage"), "dialogs") },
      { path: "practice/mistakes", lazy: page(() => import("./pages/MistakesPage"), "dialogs") },
      { path: "practice/words", lazy: page(() => import("./pages/WordsPage"), "dialogs") },
      { path: "practice/memory", lazy: page(() => import("./pages/MemoryPage"), "dialogs") },
      { path: "practice/history", lazy: page(() => import("./pages/HistoryPage"), "dialogs") },
      {
        path: "practice/history/:conversationId",
        lazy: page(() => import("./pages/ConversationPage"), "dialogs"),
      },
      { path: "profile", lazy: page(() => import("./pages/ProfilePage"), "dialogs") },
      { path: "*", lazy: page(() => import("./pages/NotFoundPage")) },
    ],
  },
];

export const router = createBrowserRouter(routes);

/** Resolves when the code of the page at the current address is loaded, or has failed to load. */
export function firstPage(): Promise<void> {
  if (router.state.initialized) return Promise.resolve();
  return new Promise((resolve) => {
    const unsubscribe = router.subscribe(({ initialized }) => {
      if (!initialized) return;
      unsubscribe();
      resolve();
    });
  });
}
