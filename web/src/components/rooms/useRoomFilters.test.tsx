import { act, renderHook } from "@testing-library/react";
import { MemoryRouter, useLocation } from "react-router";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { useRoomFilters } from "./useRoomFilters";

const settings = vi.hoisted(() => ({ practiceLanguage: null as string | null }));
vi.mock("../../hooks", () => ({ useSettings: () => settings }));

function filtersAt(path: string) {
  return renderHook(() => ({ filters: useRoomFilters(), address: useLocation().search }), {
    wrapper: ({ children }) => <MemoryRouter initialEntries={[path]}>{children}</MemoryRouter>,
  }).result;
}

describe("useRoomFilters", () => {
  it("reads several levels in CEFR order and ignores invalid ones", () => {
    const result = filtersAt("/rooms?level=B2&level=A1&level=D9&sort=nonsense");
    expect(result.current.filters.levels).toEqual(["A1", "B2"]);
    expect(result.current.filters.sort).toBe("participants");
  });

  it("keeps every filter in the URL", () => {
    const result = filtersAt("/rooms");
    act(() => result.current.filters.toggleLevel("B1"));
    act(() => result.current.filters.toggleLevel("C1"));
    act(() => result.current.filters.setSearch("food"));
    act(() => result.current.filters.setSort("newest"));
    expect(result.current.address).toBe("?level=B1&level=C1&search=food&sort=newest");
    act(() => result.current.filters.toggleLevel("B1"));
    expect(result.current.filters.levels).toEqual(["C1"]);
  });

  it("clears them all", () => {
    const result = filtersAt("/rooms?level=B1&search=food&language=vi");
    expect(result.current.filters.isFiltered).toBe(true);
    act(() => result.current.filters.clear());
    expect(result.current.filters.isFiltered).toBe(false);
    expect(result.current.address).toBe("");
  });

  describe("for somebody who learns French", () => {
    beforeEach(() => {
      settings.practiceLanguage = "fr";
      return () => {
        settings.practiceLanguage = null;
      };
    });

    it("shows rooms in French unless the URL says another language", () => {
      expect(filtersAt("/rooms").current.filters.language).toBe("fr");
      expect(filtersAt("/rooms?language=de").current.filters.language).toBe("de");
      expect(filtersAt("/rooms?language=any").current.filters.language).toBeUndefined();
    });

    it.each(["clear", "setLanguage"] as const)("shows all languages after %s", (action) => {
      const result = filtersAt("/rooms");
      act(() =>
        action === "clear" ? result.current.filters.clear() : result.current.filters.setLanguage(null),
      );
      expect(result.current.filters.language).toBeUndefined();
      expect(result.current.filters.isFiltered).toBe(false);
      act(() => result.current.filters.setLanguage("fr"));
      expect(result.current.filters.language).toBe("fr");
    });
  });
});
