import { describe, expect, it } from "vitest";
import { ApiError } from "../../core/api-error";
import { i18n } from "../../i18n";
import { FORM, formErrors } from "./form-errors";

const t = i18n.getFixedT("en");

function refused(code: string, errors: { path: string; message: string }[] | null): ApiError {
  return new ApiError({
    type: "about:blank",
    title: "",
    status: 422,
    code,
    detail: "said by the server",
    retryable: false,
    errors,
    retryAfter: null,
  });
}

describe("splitProblem", () => {
  it("puts each error under the field it names, however deep the path goes", () => {
    const error = refused("invalid_request", [
      { path: "name", message: "too long" },
      { path: "body.tags.2", message: "not like this" },
    ]);
    expect(formErrors(t, error, ["name", "tags"])).toMatchObject({
      name: "too long",
      tags: "not like this",
    });
  });

  it("puts errors without a field at the form", () => {
    const shown = formErrors(t, refused("too_many_requests", null), ["name"]);
    expect(shown).toEqual({ [FORM]: "Too many requests. Wait a moment and try again." });
  });

  it("shows the server's detail for an unknown code", () => {
    expect(formErrors(t, refused("brand_new", null), [])[FORM]).toBe("said by the server");
  });

  it("never shows the details of an unexpected error", () => {
    expect(formErrors(t, new TypeError("x is undefined"), [])[FORM]).toBe(t("errors.internal"));
  });
});
