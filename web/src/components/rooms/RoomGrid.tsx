import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { RoomsHook } from "../../hooks";
import { RoomCard, RoomCardSkeleton } from "./RoomCard";
import classes from "./RoomGrid.module.css";

const SKELETONS = ["a", "b", "c", "d", "e", "f"];

export function RoomGridSkeleton() {
  const { t } = useTranslation();
  return (
    <div className={classes.grid} role="status" aria-label={t("app.loading")}>
      {SKELETONS.map((key) => (
        <RoomCardSkeleton key={key} />
      ))}
    </div>
  );
}

export function RoomGrid({ rooms, hasMore, loadMore }: Pick<RoomsHook, "rooms" | "hasMore" | "loadMore">) {
  const { t } = useTranslation();
  return (
    <>
      <ul className={classes.grid}>
        {rooms.map((room) => (
          <li key={room.id}>
            <RoomCard room={room} />
          </li>
        ))}
      </ul>
      {hasMore && (
        <div className={classes.more}>
          <Button variant="default" onClick={loadMore}>
            {t("rooms.loadMore")}
          </Button>
        </div>
      )}
    </>
  );
}
