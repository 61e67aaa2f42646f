import { loadedLater } from "../../core/lazy-load";
import type { TaughtClass } from "../../protocol";
import { LazyPart } from "../common/LazyPart";

const panel = loadedLater(() => import("./RoomClass").then(({ RoomClass }) => RoomClass));

/** The panel of the class; its code is loaded when a class is first taught. */
export function RoomClassPart(props: { taught: TaughtClass; isHost: boolean; isStale: boolean }) {
  return <LazyPart load={panel} props={props} />;
}
