import { expect, it } from "vitest";
import { errorText } from "./error-text";
import { i18n } from "./index";

const SERVER_TEXT = "The server's own words";

it.each([
  ["invalid_request", []],
  ["a_code_of_a_newer_server", null],
  ["picture_unreadable", null],
  ["too_many_hosted", null],
])("never shows the server's own text (%s)", (code, errors) => {
  const shown = errorText(i18n.t, { code, errors, detail: SERVER_TEXT });
  expect(shown).not.toContain(SERVER_TEXT);
  expect(shown).not.toContain(code);
});
