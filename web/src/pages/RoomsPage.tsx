import { Button, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { TutorFace } from "../components/common/TutorFace";
import { PageLayout } from "../components/layout/PageLayout";
import { FriendsOnlineLater } from "../components/people/FriendsOnlineLater";
import { WelcomeRingLater } from "../components/progress/WelcomeRingLater";
import { OnlineStrip } from "../components/rooms/OnlineStrip";
import { RoomFilterBar } from "../components/rooms/RoomFilterBar";
import { RoomResults } from "../components/rooms/RoomResults";
import { useRoomFilters } from "../components/rooms/useRoomFilters";
import { useRooms } from "../hooks";
import classes from "./RoomsPage.module.css";

export default function RoomsPage() {
  const { t } = useTranslation();
  return (
    <PageLayout title={t("rooms.page")}>
      <Rooms />
    </PageLayout>
  );
}

function Rooms() {
  const { t } = useTranslation();
  const filters = useRoomFilters();
  const { levels, search, sort, language } = filters;
  const result = useRooms({ levels, search, sort, ...(language ? { language } : {}) });
  return (
    <>
      <div className={classes.head}>
        <div>
          <Title order={1} tabIndex={-1}>
            {t("rooms.title")}
          </Title>
          <p className={classes.lead}>{t("rooms.lead")}</p>
        </div>
        <div className={classes.actions}>
          <Button
            component={Link}
            to="/practice"
            size="md"
            variant="light"
            className={classes.practise}
            leftSection={<TutorFace size={24} />}
          >
            {t("rooms.tutor")}
          </Button>
          <Button component={Link} to="/schedule" size="md" variant="light">
            {t("schedule.page")}
          </Button>
          <Button
            component={Link}
            to="/rooms/new"
            size="md"
            leftSection={<IconPlus size={20} aria-hidden="true" />}
          >
            {t("app.createRoom")}
          </Button>
          <div className={classes.ring}>
            <WelcomeRingLater isSmall />
          </div>
        </div>
      </div>
      <div className={classes.body}>
        <OnlineStrip />
        <FriendsOnlineLater />
        <RoomFilterBar filters={filters} />
        {!result.isLoading && !result.error && (
          <p className={classes.count} role="status">
            {t("rooms.count", { count: result.rooms.length })}
            {result.isLive ? (
              <span className={classes.live}>{t("rooms.live")}</span>
            ) : (
              <span>{t("rooms.notLive")}</span>
            )}
          </p>
        )}
        <RoomResults result={result} filters={filters} />
      </div>
    </>
  );
}
