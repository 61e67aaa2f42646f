import { Popover, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useConnectionQuality } from "../../hooks";
import classes from "./QualityIndicator.module.css";

const BARS = { unknown: 0, poor: 1, fair: 2, good: 3 } as const;

/** Three bars; pressing them shows the figures. */
export function QualityIndicator() {
  const { t } = useTranslation();
  const { level, rttMs, jitterMs, lossPct } = useConnectionQuality();
  return (
    <Popover position="bottom" withArrow shadow="md">
      <Popover.Target>
        <UnstyledButton className={classes.button} data-quality={level} aria-label={t(`quality.${level}`)}>
          {[1, 2, 3].map((bar) => (
            <i key={bar} data-on={bar <= BARS[level]} />
          ))}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.details}>
        <strong>{t(`quality.${level}`)}</strong>
        {rttMs !== undefined && <span>{t("quality.rtt", { ms: Math.round(rttMs) })}</span>}
        {jitterMs !== undefined && <span>{t("quality.jitter", { ms: Math.round(jitterMs) })}</span>}
        {lossPct !== undefined && (
          <span>{t("quality.loss", { percent: Math.round(lossPct * 10) / 10 })}</span>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
