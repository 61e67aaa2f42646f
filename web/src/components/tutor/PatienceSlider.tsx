import { Input, Slider } from "@mantine/core";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSettings } from "../../hooks";

const PATIENCE = { min: 0.7, max: 2.5, step: 0.3 } as const;

/** How long the tutor waits in the person's own pauses; kept in this browser. */
export function PatienceSlider() {
  const { t } = useTranslation();
  const labelId = useId();
  const { patience, setPatience } = useSettings();
  const [value, setValue] = useState(patience);
  const text = t(
    value < 1 ? "tutor.patienceShort" : value < 1.5 ? "tutor.patienceUsual" : "tutor.patienceLong",
  );
  return (
    <Input.Wrapper
      labelElement="div"
      labelProps={{ id: labelId }}
      label={t("tutor.patience")}
      description={`${text}. ${t("tutor.patienceHint")}`}
    >
      <Slider
        mt="xs"
        {...PATIENCE}
        value={value}
        onChange={setValue}
        onChangeEnd={(next) => setPatience(Math.round(next * 10) / 10)}
        label={null}
        thumbSize={26}
        size={8}
        thumbValueText={text}
        thumbProps={{ "aria-labelledby": labelId }}
      />
    </Input.Wrapper>
  );
}
