import { Anchor } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useAccount } from "../../hooks";
import classes from "./Account.module.css";
import { PasskeyButton } from "./PasskeyButton";

/** After a talk: offers a guest to keep what they would miss. Nothing for others. */
export function KeepPrompt() {
  const { t } = useTranslation();
  const { data } = useAccount();
  if (!data?.isGuest) return null;
  return (
    <section className={classes.prompt} aria-labelledby="keep-prompt">
      <h3 id="keep-prompt">{t("account.keep")}</h3>
      <p>{t("account.promptText")}</p>
      <PasskeyButton label={t("account.keepByPasskey")} />
      <Anchor component={Link} to="/profile">
        {t("account.otherWays")}
      </Anchor>
    </section>
  );
}
