import { act, renderHook } from "@testing-library/react";
import { MemoryRouter, useLocation } from "react-router";
import { describe, expect, it } from "vitest";
import { useRoomFilters } from "./useRoomFilters";

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
});
