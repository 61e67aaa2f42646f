import { createBrowserRouter, type RouteObject } from "react-router";
import { AppLayout } from "./components/layout/AppLayout";
import { ErrorPage } from "./components/layout/ErrorPage";
import { type LayoutPart, loadLayoutPart } from "./components/layout/layout-parts";
import { loadPage } from "./core/lazy-load";
import { speakOf, type TextPart } from "./i18n";

interface Needs {
  parts?: LayoutPart[];
  texts?: TextPart[];
}

/** Each page is a separate chunk, loaded together with the parts of the layout and the texts that it needs. */
const page = (
  load: () => Promise<{ default: React.ComponentType }>,
  { parts = [], texts = [] }: Needs = {},
): RouteObject["lazy"] => {
  const loadAll = () => Promise.all([load(), ...parts.map(loadLayoutPart), ...texts.map(speakOf)]);
  return async () => ({ Component: (await loadPage(loadAll))[0].default });
};

/** The code and texts that most pages need. */
const USUAL: Needs = { parts: ["dialogs"], texts: ["pages"] };
const PEOPLE: Needs = { parts: ["dialogs"], texts: ["pages", "people"] };
const MODERATION: Needs = { parts: ["dialogs"], texts: ["safety"] };

export const routes: RouteObject[] = [
  {
    element: <AppLayout />,
    errorElement: <ErrorPage />,
    children: [
      { index: true, lazy: page(() => import("./pages/LandingPage")) },
      { path: "rooms", lazy: page(() => import("./pages/RoomsPage"), { parts: ["dialogs"] }) },
      { path: "rooms/new", lazy: page(() => import("./pages/CreateRoomPage"), USUAL) },
      {
        path: "rooms/:roomId",
        lazy: page(() => import("./pages/RoomPage"), {
          parts: ["dialogs", "leaveGuard", "leaveOnNavigation"],
        }),
      },
      { path: "schedule", lazy: page(() => import("./pages/SchedulePage"), USUAL) },
      { path: "schedule/new", lazy: page(() => import("./pages/NewEventPage"), USUAL) },
      { path: "schedule/:eventId", lazy: page(() => import("./pages/EventPage"), USUAL) },
      { path: "notices", lazy: page(() => import("./pages/NoticesPage"), PEOPLE) },
      { path: "practice", lazy: page(() => import("./pages/PracticePage"), USUAL) },
      {
        path: "talk",
        lazy: page(() => import("./pages/TalkPage"), { parts: ["dialogs", "leaveGuard"], texts: ["pages"] }),
      },
      { path: "coach", lazy: page(() => import("./pages/CoachPage"), USUAL) },
      { path: "practice/mistakes", lazy: page(() => import("./pages/MistakesPage"), USUAL) },
      { path: "practice/words", lazy: page(() => import("./pages/WordsPage"), USUAL) },
      { path: "practice/memory", lazy: page(() => import("./pages/MemoryPage"), USUAL) },
      { path: "practice/documents", lazy: page(() => import("./pages/DocumentsPage"), USUAL) },
      { path: "practice/history", lazy: page(() => import("./pages/HistoryPage"), USUAL) },
      {
        path: "practice/history/:conversationId",
        lazy: page(() => import("./pages/ConversationPage"), USUAL),
      },
      {
        path: "progress",
        lazy: page(() => import("./pages/ProgressPage"), {
          parts: ["dialogs"],
          texts: ["pages", "progress"],
        }),
      },
      { path: "courses", lazy: page(() => import("./pages/CoursesPage"), USUAL) },
      {
        path: "courses/:course/:module/:class",
        lazy: page(() => import("./pages/ClassPage"), USUAL),
      },
      {
        path: "profile",
        lazy: page(() => import("./pages/ProfilePage"), {
          parts: ["dialogs"],
          texts: ["pages", "people", "safety"],
        }),
      },
      { path: "privacy", lazy: page(() => import("./pages/PrivacyPage"), { texts: ["safety"] }) },
      { path: "rules", lazy: page(() => import("./pages/RulesPage"), { texts: ["safety"] }) },
      {
        path: "moderation",
        lazy: page(() => import("./pages/ModerationPage"), MODERATION),
      },
      {
        path: "moderation/reports/:reportId",
        lazy: page(() => import("./pages/ReportPage"), MODERATION),
      },
      { path: "people/:list?", lazy: page(() => import("./pages/PeoplePage"), PEOPLE) },
      { path: "sign-in", lazy: page(() => import("./pages/SignInPage"), { texts: ["pages"] }) },
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
