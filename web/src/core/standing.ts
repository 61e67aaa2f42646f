import { Emitter } from "./emitter";

/** Moderators have decided something about this person: pages ask again what holds. */
export const standingChanged = new Emitter<void>();
