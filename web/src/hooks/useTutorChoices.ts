import { useStore } from "zustand";
import { parlor } from "../core/parlor";

export interface TutorChoices {
  handsFree: boolean;
  setHandsFree(on: boolean): void;
  captions: boolean;
  setCaptions(on: boolean): void;
}

const { settings } = parlor;
const actions = {
  setHandsFree: (handsFree: boolean) => settings.setState({ handsFree }),
  setCaptions: (captions: boolean) => settings.setState({ captions }),
};

/** One's own choices for talking with a tutor; they stay in this browser. */
export function useTutorChoices(): TutorChoices {
  const handsFree = useStore(settings, (state) => state.handsFree);
  const captions = useStore(settings, (state) => state.captions);
  return { handsFree, captions, ...actions };
}
