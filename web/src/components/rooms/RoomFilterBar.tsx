import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { LanguageSelect } from "../common/LanguageSelect";
import { LevelChips } from "./LevelChips";
import classes from "./RoomFilterBar.module.css";
import { SearchField } from "./SearchField";
import type { RoomFilters } from "./useRoomFilters";

export function RoomFilterBar({ filters }: { filters: RoomFilters }) {
  const { t } = useTranslation();
  return (
    <search className={classes.bar}>
      <LevelChips chosen={filters.levels} onToggle={filters.toggleLevel} />
      <div className={classes.fields}>
        <SearchField value={filters.search} onChange={filters.setSearch} className={classes.search} />
        <LanguageSelect
          label={t("rooms.language")}
          placeholder={t("rooms.anyLanguage")}
          value={filters.language ?? null}
          onChange={filters.setLanguage}
          clearable
        />
        <NativeSelect
          label={t("rooms.sort")}
          value={filters.sort}
          onChange={(event) =>
            filters.setSort(event.currentTarget.value === "newest" ? "newest" : "participants")
          }
          data={[
            { value: "participants", label: t("rooms.sortParticipants") },
            { value: "newest", label: t("rooms.sortNewest") },
          ]}
        />
      </div>
    </search>
  );
}
