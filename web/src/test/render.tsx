import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { render } from "@testing-library/react";
import { I18nextProvider } from "react-i18next";
import { MemoryRouter } from "react-router";
import { i18n } from "../i18n";
import { theme } from "../theme/theme";

/** Mantine needs these, and jsdom lacks them. */
window.matchMedia ??= (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
  }) as unknown as MediaQueryList;
if (!document.fonts) Object.defineProperty(document, "fonts", { value: new EventTarget() });
window.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

/** The providers of every page but the router: English texts and the theme, without transitions. */
export function Providers({ children }: { children: React.ReactNode }) {
  return (
    <I18nextProvider i18n={i18n}>
      <MantineProvider theme={theme} env="test">
        <ModalsProvider>{children}</ModalsProvider>
      </MantineProvider>
    </I18nextProvider>
  );
}

/** Renders inside the providers of every page and a router. */
export function renderUi(ui: React.ReactElement, path = "/") {
  void i18n.changeLanguage("en");
  return render(ui, {
    wrapper: ({ children }) => (
      <Providers>
        <MemoryRouter initialEntries={[path]}>{children}</MemoryRouter>
      </Providers>
    ),
  });
}
