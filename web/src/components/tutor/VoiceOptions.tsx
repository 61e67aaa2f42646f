import { Input, NativeSelect, Slider } from "@mantine/core";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSend } from "../../hooks";
import type { Tutor } from "../../protocol";

const RATES = { min: 0.6, max: 1.4, step: 0.1 } as const;

/** The tutor's voice and speaking rate. */
export function VoiceOptions({ tutor }: { tutor: Tutor }) {
  const { t } = useTranslation();
  const send = useSend();
  return (
    <>
      {tutor.voices.length > 0 && (
        <NativeSelect
          label={t("tutor.voice")}
          data={tutor.voices.map(({ id, name }) => ({ value: id, label: name }))}
          value={tutor.voice ?? ""}
          onChange={(event) => send("set_tutor_options", { voice: event.currentTarget.value })}
        />
      )}
      <RateSlider rate={tutor.rate} onChange={(rate) => send("set_tutor_options", { rate })} />
    </>
  );
}

/** Sends the rate when the slider is released, and shows the rate that the server reports. */
function RateSlider({ rate, onChange }: { rate: number; onChange(rate: number): void }) {
  const { t } = useTranslation();
  const labelId = useId();
  const [value, setValue] = useState(rate);
  const [reported, setReported] = useState(rate);
  if (reported !== rate) {
    // The slider is not remounted, because it would lose the keyboard focus at each step.
    setReported(rate);
    setValue(rate);
  }
  const text = t("tutor.rateValue", { percent: Math.round(value * 100) });
  return (
    <Input.Wrapper labelElement="div" labelProps={{ id: labelId }} label={t("tutor.rate")} description={text}>
      <Slider
        mt="xs"
        {...RATES}
        value={value}
        onChange={setValue}
        onChangeEnd={(next) => onChange(Math.round(next * 10) / 10)}
        label={null}
        thumbSize={26}
        size={8}
        thumbValueText={text}
        thumbProps={{ "aria-labelledby": labelId }}
      />
    </Input.Wrapper>
  );
}
