import { Button, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSession } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { FormError } from "../common/form-errors";
import { useAutoFocus } from "../common/useAutoFocus";
import { HideProfile } from "./HideProfile";
import { RulesText } from "./RulesText";
import classes from "./Safety.module.css";

/** Before the first room with others. The server remembers that they were accepted. */
export function HouseRules({ onAccepted }: { onAccepted(): void }) {
  const { t } = useTranslation();
  const { acceptRules } = useSession();
  const heading = useAutoFocus<HTMLHeadingElement>(true);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const accept = async () => {
    setIsBusy(true);
    try {
      await acceptRules();
      onAccepted();
    } catch (failure) {
      setError(errorText(t, failure));
      setIsBusy(false);
    }
  };
  return (
    <div className={`${classes.card} ${classes.stack}`}>
      <Title order={1} ref={heading} tabIndex={-1}>
        {t("safety.rulesTitle")}
      </Title>
      <p className={classes.soft}>{t("safety.rulesLead")}</p>
      <RulesText />
      <HideProfile />
      {error && <FormError>{error}</FormError>}
      <div className={classes.buttons}>
        <Button size="md" loading={isBusy} onClick={() => void accept()}>
          {t("safety.rulesAccept")}
        </Button>
        <Button component={Link} to="/rooms" variant="subtle" size="md">
          {t("safety.rulesBack")}
        </Button>
      </div>
    </div>
  );
}
