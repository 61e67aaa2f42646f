import { useRef } from "react";
import { useMicLevel } from "../../hooks";
import classes from "./LevelMeter.module.css";

interface Props {
  className?: string;
}

/** The microphone's level as a bar, updated on animation frames without rendering. */
export function LevelMeter({ className }: Props) {
  const bar = useRef<HTMLDivElement>(null);
  useMicLevel((level) => bar.current?.style.setProperty("--level", level.toFixed(3)));
  return (
    <div ref={bar} className={`${classes.meter} ${className ?? ""}`} aria-hidden="true">
      <div className={classes.bar} />
    </div>
  );
}
