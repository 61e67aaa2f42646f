import { beforeEach, expect, test, vi } from "vitest";
import { refusal } from "../test/builders";
import { AuthSession } from "./auth-session";

const user = { id: "u1", name: "An" };
const HOUR_S = 3_600;

let now: number;
let timeZone: string | null;
let pause: (ms: number) => Promise<void>;
let answers: Record<string, (init: RequestInit) => Response | Promise<Response>>;
let calls: { path: string; init: RequestInit }[];

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const issued = (token: string) => ({ token, expiresIn: HOUR_S, user });
const bearer = (init: RequestInit) => new Headers(init.headers).get("Authorization");

beforeEach(() => {
  now = 1_000_000;
  timeZone = null;
  pause = () => Promise.resolve();
  calls = [];
  answers = { "/api/auth/guest": () => json(issued("t1")), "/api/auth/renew": () => json(issued("t2")) };
});

function session(): AuthSession {
  const fake = async (path: string | URL | Request, init: RequestInit = {}) => {
    calls.push({ path: String(path), init });
    return (await answers[String(path)]?.(init)) ?? json({}, 404);
  };
  return new AuthSession({
    fetch: fake as typeof fetch,
    storage: localStorage,
    now: () => now,
    timeZone: () => timeZone,
    pause: (ms) => pause(ms),
  });
}

test("a guest stays signed in over a reload, whatever the device's clock says", async () => {
  await session().signIn({ name: "An" });
  for (const jump of [0, 60 * 86_400_000, -120 * 86_400_000]) {
    now += jump;
    expect(session().store.getState()).toMatchObject({ status: "signed-in", user: { id: "u1" } });
  }
});

test("after years away the token is renewed", async () => {
  await session().signIn({ name: "An" });
  now += HOUR_S * 1_000_000;
  expect(await session().token()).toBe("t2");
});

test("a token that the server calls expired is renewed, and the request repeated", async () => {
  const ours = session();
  await ours.signIn({ name: "An" });
  answers["/api/users/me"] = (init) =>
    bearer(init) === "Bearer t2"
      ? json({ ...user, name: "Bo" })
      : json(refusal("token_expired", { status: 401 }).error, 401);
  expect((await ours.updateProfile({ name: "Bo" })).name).toBe("Bo");
  expect(ours.store.getState()).toMatchObject({ status: "signed-in", user: { name: "Bo" } });
});

test("what everybody may read is read after the server ended the session", async () => {
  const ours = session();
  await ours.signIn({ name: "An" });
  const ended = () => json(refusal("session_ended", { status: 401 }).error, 401);
  answers["/api/auth/renew"] = ended;
  answers["/api/rooms"] = (init) => (bearer(init) === null ? json({ items: [] }) : ended());
  expect(await ours.api.get("/rooms")).toEqual({ items: [] });
  expect(ours.store.getState().end).toBe("signed_out");
});

test("a proxy's refusal does not end the session", async () => {
  const ours = session();
  await ours.signIn({ name: "An" });
  answers["/api/users/me"] = answers["/api/auth/renew"] = () => new Response("", { status: 401 });
  await expect(ours.updateProfile({ name: "Bo" })).rejects.toMatchObject({ status: 401 });
  await ours.renew();
  expect(ours.store.getState().status).toBe("signed-in");
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

test.each([
  ["session_ended", "signed_out"],
  ["profile_gone", "profile_gone"],
  ["unauthenticated", "unknown"],
])("the server's word %s ends the session, and the page knows why", async (code, end) => {
  const ours = session();
  await ours.signIn({ name: "An" });
  answers["/api/users/me"] = answers["/api/auth/renew"] = () =>
    json(refusal(code, { status: 401 }).error, 401);
  await expect(ours.updateProfile({ name: "Bo" })).rejects.toMatchObject({ code, status: 401 });
  for (const tab of [ours, session()])
    expect(tab.store.getState()).toMatchObject({ status: "signed-out", user: null, end });
  expect(await ours.token()).toBeNull();
});

test("a profile that the server recognises again comes back on the next visit", async () => {
  const ours = session();
  await ours.signIn({ name: "An" });
  const refuse = () => json(refusal("unauthenticated", { status: 401 }).error, 401);
  answers["/api/users/me"] = answers["/api/auth/renew"] = refuse;
  await ours.renew();
  await ours.refresh();
  expect(ours.store.getState().end).toBe("unknown");
  answers["/api/auth/renew"] = () => json(issued("t3"));
  const next = session();
  await next.refresh();
  expect(next.store.getState()).toMatchObject({ status: "signed-in", user: { id: "u1" } });
});

test("a renewal under way in another tab does not undo a sign-out", async () => {
  const ours = session();
  await ours.signIn({ name: "An" });
  const other = session();
  let answer = (_: Response) => {};
  answers["/api/auth/renew"] = () => new Promise<Response>((resolve) => (answer = resolve));
  const renewal = other.renew();
  ours.signOut();
  answer(json(issued("t2"))); // before the other tab hears of the sign-out
  await renewal;
  expect(localStorage.getItem("parlor.session")).toBeNull();
  expect(other.store.getState().status).toBe("signed-out");
});

test("a profile that arrives after a sign-out in another tab does not undo it", async () => {
  const ours = session();
  await ours.signIn({ name: "An" });
  const other = session();
  let answer = (_: Response) => {};
  answers["/api/users/me"] = () => new Promise<Response>((resolve) => (answer = resolve));
  const visit = other.refresh();
  await vi.waitFor(() => expect(calls.at(-1)?.path).toBe("/api/users/me"));
  ours.signOut();
  answer(json(user));
  await visit;
  expect(localStorage.getItem("parlor.session")).toBeNull();
  expect(other.store.getState().status).toBe("signed-out");
});

test("a renewal of somebody who signed out does not end the next person's session", async () => {
  const ours = session();
  await ours.signIn({ name: "An" });
  const other = session();
  let answer = (_: Response) => {};
  answers["/api/auth/renew"] = () => new Promise<Response>((resolve) => (answer = resolve));
  const renewal = other.renew();
  ours.signOut();
  answers["/api/auth/guest"] = () => json({ ...issued("t9"), user: { ...user, id: "u9" } });
  await ours.signIn({ name: "Bo" });
  answer(json(refusal("session_ended", { status: 401 }).error, 401));
  await renewal;
  expect(other.store.getState().user?.id).toBe("u9");
  expect(await session().token()).toBe("t9");
});

test("signing out ends the session on the server, as soon as it can be reached", async () => {
  const ours = session();
  await ours.signIn({ name: "An" });
  const pauses: number[] = [];
  pause = (ms) => {
    pauses.push(ms);
    if (pauses.length === 3) answers["/api/auth/sign-out"] = () => new Response(null, { status: 204 });
    return Promise.resolve();
  };
  answers["/api/auth/sign-out"] = () => Promise.reject(new TypeError("offline"));
  ours.signOut();
  expect(ours.store.getState().status).toBe("signed-out");
  await vi.waitFor(() => expect(pauses).toHaveLength(3));
  await vi.waitFor(() => expect(calls.filter(({ path }) => path.endsWith("sign-out"))).toHaveLength(3));
  expect(bearer(calls.at(-1)?.init ?? {})).toBe("Bearer t1");
  expect(pauses).toEqual([0, 1_000, 5_000]);
});

test("the device's time zone is sent when the profile has another", async () => {
  timeZone = "Asia/Ho_Chi_Minh";
  const ours = session();
  answers["/api/users/me"] = () => json({ ...user, timeZone });
  await ours.signIn({ name: "An" });
  await vi.waitFor(() => expect(ours.store.getState().user?.timeZone).toBe(timeZone));
  const sent = calls.filter(({ init }) => init.method === "PATCH");
  expect(sent.map(({ init }) => init.body)).toEqual([JSON.stringify({ timeZone })]);
  await session().refresh();
  expect(calls.filter(({ init }) => init.method === "PATCH")).toHaveLength(1);
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
  localStorage.setItem(
    "parlor.session",
    JSON.stringify({ ...stored, token: "t-else", user: { ...user, id: "u-else" } }),
  );
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

test("signing in to another profile hands over the token of the guest before", async () => {
  const ours = session();
  await ours.signIn({ name: "An" });
  const ended = vi.fn();
  ours.ended.on(ended);
  const other = { ...issued("t9"), user: { id: "u9", name: "Kept" } };
  answers["/api/auth/code"] = (init) => (bearer(init) === null ? json(other) : json({}, 400));
  expect(await ours.signInAgain("/auth/code", { code: "c" })).toEqual({ name: "An", token: "t1" });
  expect(ours.store.getState().user?.name).toBe("Kept");
  expect(ended).toHaveBeenCalledWith(user);
  answers["/api/auth/email/finish"] = (init) => (bearer(init) === "Bearer t9" ? json(other) : json({}, 400));
  expect(await ours.signInAgain("/auth/email/finish", { token: "m" }, { asBefore: true })).toBeNull();
});

test("a deleted profile is forgotten without a further request", async () => {
  const ours = session();
  await ours.signIn({ name: "An" });
  ours.deleted();
  expect(ours.store.getState()).toMatchObject({ status: "signed-out", user: null, end: null });
  expect(calls.map(({ path }) => path)).toEqual(["/api/auth/guest"]);
});
