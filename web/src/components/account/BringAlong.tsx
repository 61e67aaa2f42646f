import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type GuestBefore, useSession, useSignIn } from "../../hooks";
import classes from "./Account.module.css";
import { useMailLanguage } from "./useMailLanguage";
import { useOrNotify } from "./useOrNotify";

interface Props {
  guest: GuestBefore;
  onDone(): void;
}

/** Asks what becomes of the guest who was signed in before. */
export function BringAlong({ guest, onDone }: Props) {
  const { t } = useTranslation();
  const { user } = useSession();
  const { bringAlong, leaveBehind } = useSignIn();
  const language = useMailLanguage();
  const { isBusy, run } = useOrNotify();
  const decide = async (work: () => Promise<void>) => {
    if (await run(work)) onDone();
  };
  return (
    <div className={classes.stack}>
      <p role="status">{t("signIn.welcome", { name: user?.name })}</p>
      <p>{t("signIn.mergeText", { name: guest.name })}</p>
      <div className={classes.buttons}>
        <Button loading={isBusy} onClick={() => void decide(() => bringAlong(guest, language))}>
          {t("signIn.merge")}
        </Button>
        <Button variant="subtle" disabled={isBusy} onClick={() => void decide(() => leaveBehind(guest))}>
          {t("signIn.noMerge")}
        </Button>
      </div>
    </div>
  );
}
