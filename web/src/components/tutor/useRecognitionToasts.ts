import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { hasFailed, type RecognitionHook } from "../../hooks";
import { notify } from "../common/notify";

/** That the browser's recognition does not work is known once somebody speaks, when its switch is out of sight. */
export function useRecognitionToasts({ status }: RecognitionHook): void {
  const { t } = useTranslation();
  const told = useRef(status);
  useEffect(() => {
    if (told.current === status) return;
    told.current = status;
    if (hasFailed(status)) notify(t(`tutor.recognitionStatus.${status}`), "red");
  }, [status, t]);
}
