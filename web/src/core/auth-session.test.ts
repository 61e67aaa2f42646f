import { beforeEach, expect, test, vi } from "vitest";
import { refusal } from "../test/builders";
import { AuthSession } from "./auth-session";

const user = { id: "u1", name: "An" };
const HOUR_S = 3_600;

let now: number;
let answers: Record<string, (init: RequestInit) => Response | Promise<Response>>;
let calls: { path: string; init: RequestInit }[];

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const issued = (token: string) => ({ token, expiresIn: HOUR_S, user });
const bearer = (init: RequestInit) => new Headers(init.headers).get("Authorization");

beforeEach(() => {
  now = 1_000_000;
  calls = [];
  answers = { "/api/auth/guest": () => json(issued("t1")), "/api/auth/renew": () => json(issued("t2")) };
});

function session(): AuthSession {
  const fake = async (path: string | URL | Request, init: RequestInit = {}) => {
    calls.push({ path: String(path), init });
    return (await answers[String(path)]?.(init)) ?? json({}, 404);
  };
  return new AuthSession({ fetch: fake as typeof fetch, storage: localStorage, now: () => now });
}

test("a guest stays signed in over a reload until the token expires", async () => {
  await session().signIn({ name: "An" });
  expect(session().store.getState()).toMatchObject({ status: "signed-in", user: { id: "u1" } });
  now += HOUR_S * 1_000;
  expect(session().store.getState()).toEqual({ status: "signed-out", user: null });
});

test("the token is renewed after half its lifetime, once for all callers", async () => {
  const ours = session();
  await ours.signIn({ name: "An" });
  now += HOUR_S * 499;
  expect(await ours.token()).toBe("t1");
  now += HOUR_S;
  expect(await Promise.all([ours.token(), ours.token()])).toEqual(["t2", "t2"]);
  expect(calls.filter(({ path }) => path === "/api/auth/renew")).toHaveLength(1);
});

test("an unreachable server does not sign out", async () => {
  const ours = session();
  await ours.signIn({ name: "An" });
  answers["/api/auth/renew"] = () => Promise.reject(new TypeError("offline"));
  now += HOUR_S * 600;
  expect(await ours.token()).toBe("t1");
  expect(ours.store.getState().status).toBe("signed-in");
});

test("a refused token signs out", async () => {
  const ours = session();
  await ours.signIn({ name: "An" });
  answers["/api/users/me"] = () => json(refusal("token_expired", { status: 401 }).error, 401);
  await expect(ours.updateProfile({ name: "Bo" })).rejects.toMatchObject({
    code: "token_expired",
    status: 401,
  });
  expect(ours.store.getState().status).toBe("signed-out");
  expect(localStorage.getItem("parlor.session")).toBeNull();
});

test("profile changes go out with the token and are kept", async () => {
  const ours = session();
  await ours.signIn({ name: "An" });
  answers["/api/users/me"] = () => json({ ...user, name: "Bo" });
  await ours.updateProfile({ name: "Bo" });
  expect(bearer(calls.at(-1)?.init ?? {})).toBe("Bearer t1");
  expect(session().store.getState().user?.name).toBe("Bo");
});

test("invalid data in storage means signed out", () => {
  for (const text of ["{", "null", "[]", '{"token":1}', '"x"']) {
    localStorage.setItem("parlor.session", text);
    expect(session().store.getState().status).toBe("signed-out");
  }
});

test("signing out in one tab reaches another", async () => {
  const ours = session();
  await ours.signIn({ name: "An" });
  const other = session();
  ours.signOut();
  other.restore();
  expect(other.store.getState().status).toBe("signed-out");
});

test("the end of a session is reported in every tab, once", async () => {
  const ours = session();
  await ours.signIn({ name: "An" });
  const other = session();
  const ended: string[] = [];
  other.ended.on(({ id }) => ended.push(id));
  other.restore();
  expect(ended).toEqual([]);
  ours.signOut();
  other.restore();
  other.restore();
  expect(ended).toEqual([user.id]);
});

test("somebody else's sign-in ends the session in another tab", async () => {
  const ours = session();
  await ours.signIn({ name: "An" });
  const other = session();
  const ended: string[] = [];
  other.ended.on(({ id }) => ended.push(id));
  const stored = JSON.parse(localStorage.getItem("parlor.session") ?? "{}");
  localStorage.setItem("parlor.session", JSON.stringify({ ...stored, user: { ...user, id: "u-else" } }));
  other.restore();
  expect(ended).toEqual([user.id]);
  expect(other.store.getState().user?.id).toBe("u-else");
});

test("a problem's fields are kept for forms", async () => {
  const ours = session();
  const errors = [{ path: "name", code: "too_long" as const, message: "too long" }];
  answers["/api/auth/guest"] = () => json(refusal("invalid_request", { status: 422, errors }).error, 422);
  await expect(ours.signIn({ name: "x" })).rejects.toMatchObject({
    code: "invalid_request",
    status: 422,
    errors,
  });
});

test("a proxy's response and a missing response have error codes", async () => {
  const ours = session();
  answers["/api/auth/guest"] = () => new Response("<html>Bad gateway</html>", { status: 502 });
  await expect(ours.signIn({ name: "x" })).rejects.toMatchObject({ code: "unavailable", retryable: true });
  answers["/api/auth/guest"] = vi.fn(() => Promise.reject(new TypeError("offline")));
  await expect(ours.signIn({ name: "x" })).rejects.toMatchObject({
    code: "network",
    status: 0,
    retryable: true,
  });
  answers["/api/auth/guest"] = () => new Response("not json", { status: 200 });
  await expect(ours.signIn({ name: "x" })).rejects.toMatchObject({ code: "internal" });
});
