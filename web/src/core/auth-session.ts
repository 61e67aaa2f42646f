import { createStore } from "zustand/vanilla";
import type { BanNotice, GuestRequest, Session, User, UserPatch } from "../protocol";
import { Api } from "./api";
import { ApiError } from "./api-error";
import { Emitter } from "./emitter";
import type { KeyValueStorage } from "./storage";

export type SessionStatus = "loading" | "signed-out" | "signed-in";

/** Why the server ended a session. `unknown`: it does not recognise the token, as after a loss of its key or database. */
export type SessionEnd = "signed_out" | "profile_gone" | "unknown";

export interface SessionState {
  status: SessionStatus;
  user: User | null;
  /** Null if the person signed out in this browser, or never signed in. */
  end: SessionEnd | null;
  /** The server refuses this profile or this browser. The session stays for when the ban has ended. */
  ban: BanNotice | null;
}

export interface SessionDeps {
  fetch: typeof fetch;
  storage: KeyValueStorage;
  now(): number;
  /** IANA name; null if the browser does not say. */
  timeZone(): string | null;
  pause(ms: number): Promise<void>;
}

interface Signed {
  token: string;
  user: User;
  /** ms since the epoch, by the device's clock: a hint when to renew, never a reason to drop the token. */
  renewAt: number;
}

/** `lost`: what an `unknown` end took away. The server may recognise it again. */
interface Ended {
  ended: SessionEnd;
  lost?: Signed;
}

export const SESSION_KEY = "parlor.session";
/** Refusals of a renewal that end the session. No other answer, and no clock, does. */
const ENDS: Readonly<Record<string, SessionEnd>> = {
  session_ended: "signed_out",
  profile_gone: "profile_gone",
  unauthenticated: "unknown",
};
/** Before each attempt to end the session on the server. The page may be closed meanwhile. */
const SIGN_OUT_PAUSES_MS = [0, 1_000, 5_000, 30_000, 120_000];

/** The signed-in person: a token in local storage, which all tabs share. It is renewed when used after half of its lifetime. */
export class AuthSession {
  readonly store = createStore<SessionState>(() => ({
    status: "loading",
    user: null,
    end: null,
    ban: null,
  }));
  /** The person's session has ended: signed out, or replaced by somebody else's, in this tab or another. */
  readonly ended = new Emitter<User>();
  readonly api: Api;
  private signed: Signed | null = null;
  /** The text in storage that `signed` was read from or written to. */
  private text: string | null | undefined;
  private renewal: Promise<void> | null = null;

  constructor(private readonly deps: SessionDeps) {
    this.api = new Api({
      fetch: deps.fetch,
      token: () => this.token(),
      replace: (token) => this.replace(token),
      banned: (ban) => this.store.setState({ ban }),
    });
    this.restore();
  }

  /** Takes over what storage holds. Call it when another tab has written. */
  restore(): void {
    const text = this.deps.storage.getItem(SESSION_KEY);
    if (text === this.text) return;
    this.text = text;
    const held = parse(text);
    this.apply(held && "token" in held ? held : null, held && "ended" in held ? held.ended : null);
  }

  /** On a visit. Fetches the profile, and sends the time zone. A failure keeps the local copy. */
  async refresh(): Promise<void> {
    const held = parse(this.deps.storage.getItem(SESSION_KEY));
    if (held && "ended" in held && held.lost) await this.recover(held.lost);
    if (!this.signed) return;
    await this.api.get<User>("/users/me").then(
      (user) => {
        this.store.setState({ ban: null });
        this.keepUser(user);
        return this.sendTimeZone();
      },
      () => {},
    );
  }

  async signIn(guest: GuestRequest): Promise<User> {
    const issued = await this.api.post<Session>("/auth/guest", guest, { token: null });
    this.keep(issued);
    void this.sendTimeZone();
    return issued.user;
  }

  /**
   * Signs in to a profile that exists. Resolves to name and token of somebody else who was signed in before.
   * `asBefore`: the request shows their token.
   */
  async signInAgain(
    path: string,
    body: unknown,
    { asBefore = false } = {},
  ): Promise<{ name: string; token: string } | null> {
    const before = this.signed;
    const issued = await this.api.post<Session>(path, body, asBefore ? {} : { token: null });
    this.keep(issued);
    void this.sendTimeZone();
    if (!before || before.user.id === issued.user.id) return null;
    return { name: before.user.name, token: before.token };
  }

  /** The profile was deleted on the server, with its sessions. */
  deleted(): void {
    this.forget(null);
  }

  /** Signs out in every tab at once, and on the server as soon as it answers. */
  signOut(): void {
    const token = this.signed?.token;
    this.forget(null);
    if (token) void this.endOnServer(token);
  }

  /** Without this nobody enters a room with others. */
  async acceptRules(): Promise<User> {
    return this.keepUser(await this.api.post<User>("/users/me/rules"));
  }

  async updateProfile(patch: UserPatch): Promise<User> {
    return this.keepUser(await this.api.patch<User>("/users/me", patch));
  }

  async uploadAvatar(image: Blob): Promise<User> {
    return this.keepUser(await this.api.put<User>("/users/me/avatar", image));
  }

  async removeAvatar(): Promise<User> {
    return this.keepUser(await this.api.delete<User>("/users/me/avatar"));
  }

  /** A token, renewed first if half of its lifetime has passed; null if signed out. */
  async token(): Promise<string | null> {
    if (this.signed && this.deps.now() >= this.signed.renewAt) await this.renew();
    return this.signed?.token ?? null;
  }

  /** Concurrent calls share one request. An unreachable server does not end the session. */
  renew(): Promise<void> {
    this.renewal ??= this.renewOnce().finally(() => {
      this.renewal = null;
    });
    return this.renewal;
  }

  /** The server refused `token`. Resolves to the present one, after a renewal. */
  private async replace(token: string): Promise<string | null> {
    if (token === this.signed?.token) await this.renew();
    return this.signed?.token ?? null;
  }

  private async renewOnce(): Promise<void> {
    const { signed } = this;
    if (!signed) return;
    // Meanwhile another tab may have signed out, which must hold.
    const isStillHeld = () => {
      this.restore();
      return this.signed?.token === signed.token;
    };
    try {
      const issued = await this.api.post<Session>("/auth/renew", undefined, { token: signed.token });
      if (isStillHeld()) this.keep(issued);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const end = ENDS[error.code];
      if (end && isStillHeld()) this.forget(end);
    }
  }

  /** Tries a token once more that the server did not recognise. */
  private async recover(lost: Signed): Promise<void> {
    const { text } = this;
    const issued = await this.api
      .post<Session>("/auth/renew", undefined, { token: lost.token })
      .catch(() => null);
    if (issued && this.deps.storage.getItem(SESSION_KEY) === text) this.keep(issued);
  }

  private async endOnServer(token: string): Promise<void> {
    for (const pause of SIGN_OUT_PAUSES_MS) {
      await this.deps.pause(pause);
      const error = await this.api
        .post("/auth/sign-out", undefined, { token, keepalive: true })
        .then(() => null)
        .catch((refusal: unknown) => refusal);
      if (!(error instanceof ApiError && error.retryable)) return;
    }
  }

  /** Not in place of one that the person chose. A zone that the server does not know is no loss: its days are UTC. */
  private async sendTimeZone(): Promise<void> {
    const timeZone = this.deps.timeZone();
    const user = this.signed?.user;
    if (timeZone === null || !user || user.zoneIsChosen || user.timeZone === timeZone) return;
    await this.updateProfile({ timeZone }).catch(() => {});
  }

  private keep({ token, user, expiresIn }: Session): void {
    this.write({ token, user, renewAt: this.deps.now() + expiresIn * 500 });
  }

  private keepUser(user: User): User {
    this.restore();
    if (this.signed?.user.id === user.id) this.write({ ...this.signed, user });
    return user;
  }

  private write(signed: Signed): void {
    this.text = JSON.stringify(signed);
    this.deps.storage.setItem(SESSION_KEY, this.text);
    this.apply(signed, null);
  }

  private forget(end: SessionEnd | null): void {
    const lost = this.signed;
    const ended: Ended | null = end && { ended: end, ...(end === "unknown" && lost ? { lost } : {}) };
    this.text = ended && JSON.stringify(ended);
    if (this.text === null) this.deps.storage.removeItem(SESSION_KEY);
    else this.deps.storage.setItem(SESSION_KEY, this.text);
    this.apply(null, end);
  }

  private apply(signed: Signed | null, end: SessionEnd | null): void {
    const before = this.signed?.user;
    this.signed = signed;
    if (signed) this.store.setState({ status: "signed-in", user: signed.user, end: null });
    else this.store.setState({ status: "signed-out", user: null, end });
    if (before && before.id !== signed?.user.id) this.ended.emit(before);
  }
}

function parse(text: string | null): Signed | Ended | null {
  if (!text) return null;
  try {
    const value: Partial<Signed & Ended> | null = JSON.parse(text);
    if (value?.ended) return value as Ended;
    return value?.token && value.user?.id && value.renewAt ? (value as Signed) : null;
  } catch {
    return null;
  }
}
