import { Button, NativeSelect } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { LanguageSelect } from "../common/LanguageSelect";
import { LevelChips } from "./LevelChips";
import classes from "./RoomFilterBar.module.css";
import { SearchField } from "./SearchField";
import type { RoomFilters } from "./useRoomFilters";

/** Levels and search; language and order too, which phones show after a press of "More filters". */
export function RoomFilterBar({ filters }: { filters: RoomFilters }) {
  const { t } = useTranslation();
  const fieldsId = useId();
  // A language in a shared link is not hidden from the person who opens it.
  const [opened, { toggle }] = useDisclosure(filters.language !== undefined);
  return (
    <search className={classes.bar}>
      <LevelChips chosen={filters.levels} onToggle={filters.toggleLevel} />
      <div className={classes.fields} data-opened={opened}>
        <SearchField value={filters.search} onChange={filters.setSearch} className={classes.search} />
        <Button
          variant="default"
          className={classes.more}
          aria-expanded={opened}
          aria-controls={fieldsId}
          aria-label={t("rooms.moreFilters")}
          onClick={toggle}
        >
          <IconAdjustmentsHorizontal size={20} aria-hidden="true" />
        </Button>
        <div id={fieldsId} className={classes.others}>
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
      </div>
    </search>
  );
}
