import { useSearchParams } from "react-router";
import { type RoomFilter, useSettings } from "../../hooks";
import type { Level } from "../../protocol";
import { LEVELS } from "../common/levels";

export interface RoomFilters extends RoomFilter {
  isFiltered: boolean;
  toggleLevel(level: Level): void;
  setSearch(search: string): void;
  setSort(sort: RoomFilter["sort"]): void;
  setLanguage(language: string | null): void;
  clear(): void;
}

/** In the URL: all languages, although the person learns one. */
const ANY = "any";

/**
 * The filters are kept in the URL, so that Back, reload and a shared link preserve them. Without a language in it the
 * list shows the one that the person learns.
 */
export function useRoomFilters(): RoomFilters {
  const [params, setParams] = useSearchParams();
  const wanted = params.getAll("level");
  const levels = LEVELS.filter((level) => wanted.includes(level));
  const search = params.get("search") ?? "";
  const sort = params.get("sort") === "newest" ? "newest" : "participants";
  const { practiceLanguage } = useSettings();
  const chosen = params.get("language") ?? practiceLanguage;
  const language = chosen === ANY || chosen === null ? undefined : chosen;

  const anyLanguage = practiceLanguage ? ANY : null;
  const change = (edit: (next: URLSearchParams) => void) =>
    setParams(
      (previous) => {
        const next = new URLSearchParams(previous);
        edit(next);
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  const put = (key: string, value: string | null) =>
    change((next) => (value ? next.set(key, value) : next.delete(key)));

  return {
    levels,
    search,
    sort,
    ...(language ? { language } : {}),
    isFiltered: levels.length > 0 || search !== "" || language !== undefined,
    toggleLevel: (level) =>
      change((next) => {
        const chosen = new Set(next.getAll("level"));
        if (!chosen.delete(level)) chosen.add(level);
        next.delete("level");
        for (const each of chosen) next.append("level", each);
      }),
    setSearch: (value) => put("search", value),
    setSort: (value) => put("sort", value === "participants" ? null : value),
    setLanguage: (value) => put("language", value ?? anyLanguage),
    clear: () =>
      setParams(anyLanguage ? { language: anyLanguage } : {}, { replace: true, preventScrollReset: true }),
  };
}
