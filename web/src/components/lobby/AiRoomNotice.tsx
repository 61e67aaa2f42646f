import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { StatusPage } from "../common/StatusPage";

export function AiRoomNotice() {
  const { t } = useTranslation();
  return (
    <StatusPage title={t("lobby.aiTitle")} text={t("lobby.aiText")}>
      <Button component={Link} to="/rooms">
        {t("end.findRoom")}
      </Button>
    </StatusPage>
  );
}
