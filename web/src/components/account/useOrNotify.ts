import { useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "../../i18n/error-text";
import { notify } from "../common/notify";

/** Runs one piece of work at a time. `run` resolves to whether it was done; if not, the person is told why. */
export function useOrNotify() {
  const { t } = useTranslation();
  const [isBusy, setIsBusy] = useState(false);
  const run = async (work: () => Promise<unknown>): Promise<boolean> => {
    setIsBusy(true);
    try {
      await work();
      return true;
    } catch (error) {
      notify(errorText(t, error), "red");
      return false;
    } finally {
      setIsBusy(false);
    }
  };
  return { isBusy, run };
}
