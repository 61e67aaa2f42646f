import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useModerationActions } from "../../hooks";
import type { Sanction } from "../../protocol";
import { useOrNotify } from "../account/useOrNotify";
import { notify } from "../common/notify";
import classes from "./Moderation.module.css";
import { useModerationNames } from "./names";

/** A warning, mute or ban, with a button that undoes it while it holds. */
export function SanctionRow({ sanction }: { sanction: Sanction }) {
  const { t } = useTranslation();
  const names = useModerationNames();
  const { undo } = useModerationActions();
  const { isBusy, run } = useOrNotify();
  const name = names.person(sanction.target);
  const undoNow = async () => {
    if (await run(() => undo(sanction.id))) notify(t("moderation.undone"));
  };
  return (
    <li className={classes.item}>
      <div className={classes.head}>
        <strong dir="auto">{name}</strong>
        <span className={classes.soft}>{sanction.by ?? t("moderation.somebody")}</span>
      </div>
      <p>{names.sanction(sanction)}</p>
      <p className={classes.soft}>{t(`safety.reasons.${sanction.reason}`)}</p>
      {sanction.message && (
        <p className={classes.words} dir="auto">
          {sanction.message}
        </p>
      )}
      {sanction.objection && (
        <>
          <p className={classes.soft}>{t("moderation.objection")}</p>
          <p className={classes.words} dir="auto">
            {sanction.objection}
          </p>
        </>
      )}
      {sanction.state === "active" && (
        <div className={classes.buttons}>
          <Button
            variant="default"
            loading={isBusy}
            aria-label={t("moderation.undoNamed", { what: t(`moderation.did.${sanction.kind}`), name })}
            onClick={() => void undoNow()}
          >
            {t("moderation.undo")}
          </Button>
        </div>
      )}
    </li>
  );
}
