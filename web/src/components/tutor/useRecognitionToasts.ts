import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { hasFailed, type RecognitionHook } from "../../hooks";
import { notify } from "../common/notify";

/** Toasts for a failure of the browser's recognition: it shows when somebody speaks, while the switch is hidden. */
export function useRecognitionToasts({ status }: RecognitionHook): void {
  const { t } = useTranslation();
  const reported = useRef(status);
  useEffect(() => {
    if (reported.current === status) return;
    reported.current = status;
    if (hasFailed(status)) notify(t(`tutor.recognitionStatus.${status}`), "red");
  }, [status, t]);
}
