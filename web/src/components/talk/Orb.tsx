import { useReducedMotion } from "@mantine/hooks";
import {
  IconAlertTriangle,
  IconDots,
  IconEar,
  IconHourglass,
  IconKeyboard,
  IconMicrophone,
  IconMicrophoneOff,
  IconPlugConnected,
  type Icon as IconType,
  IconVolume,
  IconWifiOff,
} from "@tabler/icons-react";
import { useRef } from "react";
import { type Stance, useVoiceLevel } from "../../hooks";
import classes from "./Orb.module.css";

const ICONS: Record<Stance | "idle", IconType> = {
  idle: IconMicrophone,
  connecting: IconPlugConnected,
  switching: IconPlugConnected,
  waiting: IconHourglass,
  listening: IconEar,
  hearing: IconMicrophone,
  thinking: IconDots,
  speaking: IconVolume,
  muted: IconMicrophoneOff,
  deaf: IconKeyboard,
  reconnecting: IconWifiOff,
  failed: IconAlertTriangle,
};

interface Props {
  stance: Stance | "idle";
  /** Level of the voice that is heard now, 0 to 1. */
  level?(): number;
}

/** The talk as a picture: its colour and sign show who speaks, its size how loud. Decorative: the state is in words beside it. */
export function Orb({ stance, level }: Props) {
  const isStill = useReducedMotion(false, { getInitialValueInEffect: false });
  const Icon = ICONS[stance];
  return (
    <div className={classes.orb} data-stance={stance} data-still={isStill} aria-hidden="true">
      {isStill || !level ? <Ball /> : <LivingBall level={level} />}
      <Icon className={classes.sign} stroke={1.4} />
    </div>
  );
}

function LivingBall({ level }: { level(): number }) {
  const box = useRef<HTMLDivElement>(null);
  useVoiceLevel(level, (now) => box.current?.style.setProperty("--level", now.toFixed(3)));
  return (
    <div ref={box} className={classes.voice}>
      <Ball />
    </div>
  );
}

function Ball() {
  return (
    <>
      <span className={classes.halo} />
      <span className={classes.ring} />
      <span className={classes.ball}>
        <span className={classes.drift}>
          <span className={classes.bright} />
        </span>
        <span className={classes.drift} data-slow>
          <span className={classes.deep} />
        </span>
        <span className={classes.shine} />
      </span>
    </>
  );
}
