import { Input, Slider } from "@mantine/core";
import { useId, useState } from "react";

interface Props {
  label: string;
  /** The value that is stored. */
  value: number;
  range: { min: number; max: number; step: number };
  /** The value in words: shown, and read by screen readers. */
  textOf(value: number): string;
  hint?: string;
  /** Called when the slider is released, with one decimal. */
  onChange(value: number): void;
}

/** A slider named by its label. It moves freely until it is released, and follows changes of `value`. */
export function LabelledSlider({ label, value, range, textOf, hint, onChange }: Props) {
  const labelId = useId();
  const [shown, setShown] = useState(value);
  const [stored, setStored] = useState(value);
  if (stored !== value) {
    // The slider is not remounted, because it would lose the keyboard focus at each step.
    setStored(value);
    setShown(value);
  }
  const text = textOf(shown);
  return (
    <Input.Wrapper
      labelElement="div"
      labelProps={{ id: labelId }}
      label={label}
      description={hint ? `${text}. ${hint}` : text}
    >
      <Slider
        mt="xs"
        {...range}
        value={shown}
        onChange={setShown}
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
