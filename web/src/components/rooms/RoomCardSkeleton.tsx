import { Skeleton } from "@mantine/core";
import classes from "./RoomCard.module.css";

export function RoomCardSkeleton() {
  return (
    <div className={classes.card} aria-hidden="true">
      <Skeleton height={26} width={130} radius="xl" />
      <Skeleton height={20} width="70%" mt={6} />
      <Skeleton height={14} />
      <Skeleton height={14} width="55%" />
      <div className={classes.bottom}>
        <Skeleton height={34} width={78} radius="xl" />
        <span />
        <Skeleton height={44} width={84} radius="xl" />
      </div>
    </div>
  );
}
