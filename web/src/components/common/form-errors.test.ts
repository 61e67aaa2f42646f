import { describe, expect, it } from "vitest";
import { ApiError } from "../../core/api-error";
import { i18n } from "../../i18n";
import type { FieldError } from "../../protocol";
import { FORM, formErrors } from "./form-errors";

const t = i18n.getFixedT("en");

function refused(code: string, errors: FieldError[] | null): ApiError {
  return new ApiError({
    type: "about:blank",
    title: "",
    status: 422,
    code,
    detail: "said by the server",
    retryable: false,
    errors,
    retryAfter: null,
    node: null,
    until: null,
    ban: null,
  });
}

describe("formErrors", () => {
  it("puts each error under the field it names, however deep the path goes", () => {
    const error = refused("invalid_request", [
      { path: "name", code: "too_long", message: "from the server" },
      { path: "body.tags.2", code: "invisible", message: "from the server" },
    ]);
    expect(formErrors(t, error, ["name", "tags"])).toEqual({
      name: "This is too long.",
      tags: "Use at least one visible character.",
      [FORM]: "Some fields are not valid. Check the marked fields.",
    });
  });

  it("does not ask to check marked fields if none is marked", () => {
    const elsewhere = refused("invalid_request", [{ path: "id", code: "invalid", message: "raw" }]);
    expect(formErrors(t, elsewhere, ["name"])).toEqual({ [FORM]: "This value is not valid." });
    expect(formErrors(t, refused("invalid_request", null), ["name"])).toEqual({
      [FORM]: t("errors.refused"),
    });
  });

  it("never shows the server's text of a field, whatever its code", () => {
    const odd = { path: "name", code: "brand_new", message: "Value error, x" } as unknown as FieldError;
    expect(JSON.stringify(formErrors(t, refused("invalid_request", [odd]), ["name"]))).not.toContain(
      "Value error",
    );
  });

  it("puts errors without a field at the form", () => {
    const shown = formErrors(t, refused("too_many_requests", null), ["name"]);
    expect(shown).toEqual({ [FORM]: "Too many requests. Wait a moment and try again." });
  });

  it("does not show the server's English detail for an unknown code", () => {
    expect(formErrors(t, refused("brand_new", null), [])[FORM]).toBe(t("errors.refused"));
  });

  it("never shows the details of an unexpected error", () => {
    expect(formErrors(t, new TypeError("x is undefined"), [])[FORM]).toBe(t("errors.internal"));
  });
});
