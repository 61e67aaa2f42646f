import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type CallHook, useIsDetour } from "../../hooks";
import { PageLoader } from "../common/PageLoader";
import { useHasPassed } from "../common/useHasPassed";

/** ms after which people want to know what they wait for. */
const SLOW_MS = 5_000;

/** The wait for a seat: what it waits for, and a way out if it takes long. */
export function Joining({ call }: { call: CallHook }) {
  const { t } = useTranslation();
  const isDetour = useIsDetour();
  const isSlow = useHasPassed(SLOW_MS);
  const text = isSlow ? t("room.joiningSlow") : isDetour ? t("room.joiningDetour") : undefined;
  return (
    <PageLoader label={t("room.joining")} text={text}>
      {isSlow && (
        <>
          <Button onClick={call.retry}>{t("notice.tryNow")}</Button>
          <Button component={Link} to="/rooms" variant="default" onClick={() => void call.leave()}>
            {t("prejoin.back")}
          </Button>
        </>
      )}
    </PageLoader>
  );
}
