import { createBrowserRouter, type RouteObject } from "react-router";
import { PageLoader } from "./components/common/PageLoader";
import { AppLayout } from "./components/layout/AppLayout";
import { ErrorPage } from "./components/layout/ErrorPage";
import { loadPage } from "./core/lazy-load";

/** Each page is a separate chunk. */
const page = (load: () => Promise<{ default: React.ComponentType }>): RouteObject["lazy"] => {
  return async () => ({ Component: (await loadPage(load)).default });
};

export const routes: RouteObject[] = [
  {
    element: <AppLayout />,
    errorElement: <ErrorPage />,
    hydrateFallbackElement: <PageLoader />,
    children: [
      { index: true, lazy: page(() => import("./pages/LandingPage")) },
      { path: "rooms", lazy: page(() => import("./pages/RoomsPage")) },
      { path: "rooms/new", lazy: page(() => import("./pages/CreateRoomPage")) },
      { path: "rooms/:roomId", lazy: page(() => import("./pages/RoomPage")) },
      { path: "practice", lazy: page(() => import("./pages/PracticePage")) },
      { path: "practice/history", lazy: page(() => import("./pages/HistoryPage")) },
      { path: "practice/history/:conversationId", lazy: page(() => import("./pages/ConversationPage")) },
      { path: "profile", lazy: page(() => import("./pages/ProfilePage")) },
      { path: "*", lazy: page(() => import("./pages/NotFoundPage")) },
    ],
  },
];

export const router = createBrowserRouter(routes);
