import { Slider } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { usePlayback } from "../../hooks";
import type { Participant } from "../../protocol";
import classes from "./PersonMenu.module.css";

export function VolumeSlider({ person }: { person: Participant }) {
  const { t } = useTranslation();
  const { volumeOf, setVolume } = usePlayback();
  const percent = Math.round(volumeOf(person.id) * 100);
  const text = t("room.volumeValue", { percent });
  return (
    <div className={classes.slider}>
      <div className={classes.label} aria-hidden="true">
        <span>{t("room.volumeShort")}</span>
        <span>{text}</span>
      </div>
      <Slider
        min={0}
        max={200}
        step={5}
        value={percent}
        onChange={(value) => setVolume(person.id, value / 100)}
        label={null}
        thumbSize={24}
        size={8}
        marks={[{ value: 100 }]}
        thumbLabel={t("room.volume", { name: person.name })}
        thumbValueText={text}
      />
    </div>
  );
}
