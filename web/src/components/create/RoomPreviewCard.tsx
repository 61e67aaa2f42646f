import { useTranslation } from "react-i18next";
import { RoomCard } from "../rooms/RoomCard";
import classes from "./RoomPreviewCard.module.css";
import type { RoomValues } from "./useCreateRoomForm";

export function RoomPreviewCard({ values }: { values: RoomValues }) {
  const { t } = useTranslation();
  const room: React.ComponentProps<typeof RoomCard>["room"] = {
    id: "preview",
    isLocked: false,
    participantCount: 0,
    participants: [],
    seatCount: 0,
    createdAt: "",
    ...values,
    knockToEnter: values.knockToEnter && values.type !== "ai",
    name: values.name.trim() || t("create.namePlaceholder"),
    maxParticipants: values.type === "ai" ? 1 : values.maxParticipants,
  };
  return (
    <aside className={classes.preview} aria-label={t("create.preview")}>
      <p className={classes.label}>{t("create.preview")}</p>
      <RoomCard room={room} preview />
    </aside>
  );
}
