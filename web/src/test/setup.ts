import { cleanup } from "@testing-library/react";
import { afterEach, beforeAll } from "vitest";
import { speak, speakOf } from "../i18n";

beforeAll(async () => {
  await speak("en");
  await speakOf("pages");
  await speakOf("progress");
  await speakOf("people");
});

afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
});
