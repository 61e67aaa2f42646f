import { Input, Slider } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import classes from "./CapacitySlider.module.css";
import { LIMITS } from "./useCreateRoomForm";

interface Props {
  value: number;
  onChange(chairs: number): void;
  error?: React.ReactNode;
}

export function CapacitySlider({ value, onChange, error }: Props) {
  const { t } = useTranslation();
  const labelId = useId();
  const text = t("create.maxParticipantsValue", { count: value });
  return (
    <Input.Wrapper
      labelElement="div"
      labelProps={{ id: labelId }}
      label={t("create.maxParticipants")}
      description={t("create.maxParticipantsHint")}
      error={error}
    >
      <div className={classes.row}>
        <Slider
          className={classes.slider}
          min={LIMITS.minChairs}
          max={LIMITS.maxChairs}
          value={value}
          onChange={onChange}
          label={null}
          thumbSize={26}
          size={8}
          thumbValueText={text}
          thumbProps={{ "aria-labelledby": labelId }}
        />
        <output className={classes.value}>{text}</output>
      </div>
    </Input.Wrapper>
  );
}
