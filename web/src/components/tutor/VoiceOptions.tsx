import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSend } from "../../hooks";
import type { Tutor } from "../../protocol";
import { LabelledSlider } from "./LabelledSlider";

const RATES = { min: 0.6, max: 1.4, step: 0.1 } as const;

/** The tutor's voice and speaking rate: what the server reports is shown. */
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
      <LabelledSlider
        label={t("tutor.rate")}
        value={tutor.rate}
        range={RATES}
        textOf={(value) => t("tutor.rateValue", { percent: Math.round(value * 100) })}
        onChange={(rate) => send("set_tutor_options", { rate })}
      />
    </>
  );
}
