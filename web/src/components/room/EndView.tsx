import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { CallEnd, EndReason } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { StatusPage } from "../common/StatusPage";

/** What one can do besides looking for another room. */
const AGAIN: Record<EndReason, "end.rejoin" | "end.takeBack" | "app.retry" | null> = {
  left: "end.rejoin",
  removed_by_host: null,
  joined_elsewhere: "end.takeBack",
  timed_out: "end.rejoin",
  room_closed: null,
  room_full: "app.retry",
  room_locked: "app.retry",
  invite_invalid: null,
  removed_from_room: null,
  room_not_found: null,
  error: "app.retry",
};

interface Props {
  end: CallEnd;
  onAgain(): void;
  /** More to do now. */
  children?: React.ReactNode;
}

/** Why one is not in the room, and what to do now. */
export function EndView({ end, onAgain, children }: Props) {
  const { t } = useTranslation();
  const again = AGAIN[end.reason];
  const text =
    end.reason === "error" && end.problem ? errorText(t, end.problem) : t(`end.${end.reason}.text`);
  return (
    <StatusPage title={t(`end.${end.reason}.title`)} text={text} autoFocus>
      {again && <Button onClick={onAgain}>{t(again)}</Button>}
      {children}
      <Button component={Link} to="/rooms" variant={again ? "default" : "filled"}>
        {t("end.findRoom")}
      </Button>
    </StatusPage>
  );
}
