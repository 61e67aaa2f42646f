import { Button } from "@mantine/core";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type ApiError, type EndReason, useRoomPreview, useSession } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { RoomNode } from "../../protocol";
import { PageLoader } from "../common/PageLoader";
import { SignInGate } from "../common/SignInGate";
import { StatusPage } from "../common/StatusPage";
import { PageLayout } from "../layout/PageLayout";
import { Prejoin } from "./Prejoin";

interface Props {
  roomId: string;
  invite: string | undefined;
  /** `node`: the server that has the room. */
  onJoin(node: RoomNode | null): void;
}

/** Codes of refusals that cannot be retried, with the end reason whose texts explain them. */
const NOT_ADMITTED: Readonly<Record<string, EndReason>> = {
  invite_invalid: "invite_invalid",
  removed_from_room: "removed_from_room",
  room_not_found: "room_not_found",
  room_closed: "room_closed",
  not_found: "room_not_found",
};

/** The room's page before joining: `Prejoin`, or why the room cannot be joined. */
export function RoomEntrance({ roomId, invite, onJoin }: Props) {
  const { t } = useTranslation();
  const { room, isLoading, error, refetch } = useRoomPreview(roomId, invite);
  const { status } = useSession();
  // A room with the tutor alone is shown only to people who have signed in.
  const asksName = status === "signed-out" && error?.code === "unauthenticated";
  const node = room?.node ?? null;
  const join = useCallback(() => onJoin(node), [onJoin, node]);
  const title = room ? t("prejoin.page", { room: room.name }) : t("prejoin.unknownRoom");
  return (
    <PageLayout title={title}>
      {room ? (
        <Prejoin room={room} onJoin={join} />
      ) : isLoading ? (
        <PageLoader />
      ) : asksName ? (
        <SignInGate title={t("prejoin.yourName")}>{null}</SignInGate>
      ) : error ? (
        <NotAdmitted error={error} onRetry={refetch} />
      ) : (
        <PageLoader />
      )}
    </PageLayout>
  );
}

function NotAdmitted({ error, onRetry }: { error: ApiError; onRetry(): void }) {
  const { t } = useTranslation();
  const reason = NOT_ADMITTED[error.code];
  return (
    <StatusPage
      title={t(`end.${reason ?? "error"}.title`)}
      text={reason ? t(`end.${reason}.text`) : errorText(t, error)}
      autoFocus
    >
      {!reason && <Button onClick={onRetry}>{t("app.retry")}</Button>}
      <Button component={Link} to="/rooms" variant={reason ? "filled" : "default"}>
        {t("end.findRoom")}
      </Button>
    </StatusPage>
  );
}
