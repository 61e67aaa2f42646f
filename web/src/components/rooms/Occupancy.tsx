import { VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./Occupancy.module.css";

interface Props {
  taken: number;
  max: number;
}

/** Taken and free chairs of a room, drawn in the level's colour and as figures. */
export function Occupancy({ taken, max }: Props) {
  const { t } = useTranslation();
  return (
    <div className={classes.seats}>
      <VisuallyHidden>{t("rooms.card.seats", { count: taken, max })}</VisuallyHidden>
      <span className={classes.figure} aria-hidden="true">
        {taken}/{max}
      </span>
      <span className={classes.row} aria-hidden="true">
        {Array.from({ length: max }, (_, chair) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: chairs are alike and never move
          <i key={chair} data-taken={chair < taken} />
        ))}
      </span>
    </div>
  );
}
