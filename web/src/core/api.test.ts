import { expect, test } from "vitest";
import { queryString } from "./api";

test("lists repeat their name, and empty values are left out", () => {
  expect(queryString({ level: ["B1", "B2"], search: "", cursor: null, sort: "newest", limit: 5 })).toBe(
    "?level=B1&level=B2&sort=newest&limit=5",
  );
  expect(queryString({})).toBe("");
  expect(queryString({ search: "cà phê & trà" })).toBe("?search=c%C3%A0+ph%C3%AA+%26+tr%C3%A0");
});
