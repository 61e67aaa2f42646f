import { SegmentedControl } from "@mantine/core";
import { IconDoorExit } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type CallHook, type HoldHook, useSettings } from "../../hooks";
import { ControlButton } from "../room/ControlButton";
import { MuteButton } from "../room/MuteButton";
import classes from "./Composer.module.css";
import { HoldButton } from "./HoldButton";
import { TypeField } from "./TypeField";

interface Props {
  call: CallHook;
  hold: HoldHook;
  language: string;
  /** The person consents to being heard by the tutor. */
  heard: boolean;
  /** Always visible, below the controls. */
  children?: React.ReactNode;
}

/** Controls to speak: hold a button, an open microphone, or typing. */
export function Composer({ call, hold, language, heard, children }: Props) {
  const { t } = useTranslation();
  const { handsFree, setHandsFree, shortcutsEnabled } = useSettings();
  const change = (mode: string) => {
    // Only a click on the microphone's own button unmutes.
    call.setMuted(true);
    setHandsFree(mode === "free");
  };
  return (
    <section className={classes.bar} aria-label={t("room.controls")}>
      <div className={classes.inner}>
        <TypeField language={language} disabled={call.phase !== "joined"} />
        <div className={classes.speak}>
          <SegmentedControl
            className={classes.mode}
            aria-label={t("practice.mode")}
            radius="xl"
            value={handsFree ? "free" : "hold"}
            onChange={change}
            data={[
              { value: "hold", label: t("practice.modeHold") },
              { value: "free", label: t("practice.modeFree") },
            ]}
          />
          {handsFree ? (
            <MuteButton call={call} />
          ) : (
            <HoldButton hold={hold} withKeys={shortcutsEnabled} disabled={!heard} />
          )}
          <ControlButton
            label={t("room.leave")}
            Icon={IconDoorExit}
            tone="danger"
            onClick={() => void call.leave()}
          />
        </div>
        <p className={classes.hint}>{t(handsFree ? "practice.freeHint" : "practice.holdHint")}</p>
      </div>
      {children}
    </section>
  );
}
