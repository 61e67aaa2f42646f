import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type RoomsHook, useIsOnline } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { StatusPage } from "../common/StatusPage";
import { useWaitText } from "../common/useWaitText";
import { RoomGrid, RoomGridSkeleton } from "./RoomGrid";
import type { RoomFilters } from "./useRoomFilters";

interface Props {
  result: RoomsHook;
  filters: RoomFilters;
}

/** The list of rooms, or why it is empty and what to do. */
export function RoomResults({ result, filters }: Props) {
  const { t } = useTranslation();
  const isOnline = useIsOnline();
  const wait = useWaitText();
  if (result.rooms.length > 0) return <RoomGrid {...result} />;
  if (!isOnline) return <StatusPage as="note" title={t("app.offlineTitle")} text={t("rooms.offlineText")} />;
  if (result.error) {
    return (
      <StatusPage as="note" title={t("rooms.errorTitle")} text={errorText(t, result.error)}>
        <Button onClick={result.refetch}>{t("app.retry")}</Button>
      </StatusPage>
    );
  }
  if (result.isLoading && wait) {
    return (
      <div role="status">
        <StatusPage as="note" title={t("rooms.notYetTitle")} text={wait} />
      </div>
    );
  }
  if (result.isLoading) return <RoomGridSkeleton />;
  if (filters.isFiltered) {
    return (
      <StatusPage as="note" title={t("rooms.noneTitle")} text={t("rooms.noneText")}>
        <Button variant="light" onClick={filters.clear}>
          {t("rooms.noneAction")}
        </Button>
        <Button component={Link} to="/rooms/new">
          {t("app.createRoom")}
        </Button>
      </StatusPage>
    );
  }
  return (
    <StatusPage as="note" title={t("rooms.emptyTitle")} text={t("rooms.emptyText")}>
      <Button component={Link} to="/rooms/new">
        {t("rooms.emptyAction")}
      </Button>
    </StatusPage>
  );
}
