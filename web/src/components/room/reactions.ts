import {
  IconConfettiFilled,
  IconHeartFilled,
  IconHelpCircleFilled,
  IconMoodHappyFilled,
  IconMoodSurprised,
  IconThumbUpFilled,
} from "@tabler/icons-react";
import type { Reaction } from "../../protocol";

/** In the order in which they are offered. Icons, not emoji: these look the same everywhere. */
export const REACTIONS = {
  like: IconThumbUpFilled,
  bravo: IconConfettiFilled,
  heart: IconHeartFilled,
  laugh: IconMoodHappyFilled,
  wow: IconMoodSurprised,
  lost: IconHelpCircleFilled,
} as const satisfies Record<Reaction, unknown>;
