import { useTranslation } from "react-i18next";
import { useSettings } from "../../hooks";
import { LabelledSlider } from "./LabelledSlider";

const PATIENCE = { min: 0.7, max: 2.5, step: 0.3 } as const;

/** The setting of how long the tutor waits in the person's own pauses; stored in this browser. */
export function PatienceSlider() {
  const { t } = useTranslation();
  const { patience, setPatience } = useSettings();
  return (
    <LabelledSlider
      label={t("tutor.patience")}
      hint={t("tutor.patienceHint")}
      value={patience}
      range={PATIENCE}
      textOf={(value) =>
        t(value < 1 ? "tutor.patienceShort" : value < 1.5 ? "tutor.patienceUsual" : "tutor.patienceLong")
      }
      onChange={setPatience}
    />
  );
}
