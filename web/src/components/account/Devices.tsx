import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useAccountActions } from "../../hooks";
import type { DeviceSession } from "../../protocol";
import classes from "./Account.module.css";
import { useDates } from "./useDates";
import { useOrNotify } from "./useOrNotify";

/** The devices on which one is signed in, each with a button that signs it out. */
export function Devices({ sessions }: { sessions: DeviceSession[] }) {
  const { t } = useTranslation();
  const dates = useDates();
  const { endSession, endOtherSessions } = useAccountActions();
  const { isBusy, run } = useOrNotify();
  return (
    <div className={classes.stack}>
      <ul className={classes.rows} aria-label={t("account.devices")}>
        {sessions.map(({ id, device, seenAt, createdAt, isThis }) => {
          const name = device || t("account.unknownDevice");
          return (
            <li key={id}>
              <span className={classes.what}>
                <strong>{name}</strong>
                <span className={classes.note}>
                  {isThis
                    ? t("account.thisDevice", { date: dates(createdAt) })
                    : t("account.seen", { date: dates(seenAt), since: dates(createdAt) })}
                </span>
              </span>
              {!isThis && (
                <Button
                  variant="subtle"
                  disabled={isBusy}
                  aria-label={t("account.endNamed", { name })}
                  onClick={() => void run(() => endSession(id))}
                >
                  {t("app.signOut")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {sessions.length > 1 && (
        <Button
          variant="outline"
          color="red"
          className={classes.danger}
          disabled={isBusy}
          onClick={() => void run(endOtherSessions)}
        >
          {t("account.endOthers")}
        </Button>
      )}
    </div>
  );
}
