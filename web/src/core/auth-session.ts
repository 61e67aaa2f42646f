import { createStore } from "zustand/vanilla";
import type { GuestRequest, Session, User, UserPatch } from "../protocol";
import { Api } from "./api";
import { ApiError } from "./api-error";
import { Emitter } from "./emitter";

export type SessionStatus = "loading" | "signed-out" | "signed-in";

interface Stored {
  token: string;
  user: User;
  /** ms since the epoch. */
  renewAt: number;
  expiresAt: number;
}

export interface SessionState {
  status: SessionStatus;
  user: User | null;
}

export interface SessionDeps {
  fetch: typeof fetch;
  storage: Storage;
  now(): number;
}

const KEY = "parlor.session";
/** Refusals of a renewal after which the token can never work again. */
const FATAL = new Set(["unauthenticated", "token_expired", "user_not_found"]);

/** Who is signed in: a guest's token in local storage. It is renewed when used after half of its lifetime. */
export class AuthSession {
  readonly store = createStore<SessionState>(() => ({ status: "loading", user: null }));
  /** The person's session has ended: signed out, expired, or replaced by somebody else's, in this tab or another. */
  readonly ended = new Emitter<User>();
  readonly api: Api;
  private stored: Stored | null = null;
  private renewal: Promise<void> | null = null;

  constructor(private readonly deps: SessionDeps) {
    this.api = new Api({
      fetch: deps.fetch,
      token: () => this.token(),
      onUnauthorized: (_error, token) => {
        if (token === this.stored?.token) this.forget();
      },
    });
    this.restore();
  }

  /** Call it when another tab has written, on `storage` events of the window. */
  restore(): void {
    const stored = parse(this.deps.storage.getItem(KEY));
    if (stored && stored.expiresAt > this.deps.now()) this.apply(stored);
    else this.forget();
  }

  /** Fetches the profile from the server. A failure keeps the local copy, unless the token was refused. */
  async refresh(): Promise<void> {
    if (!this.stored) return;
    await this.api.get<User>("/users/me").then(
      (user) => this.keepUser(user),
      () => {},
    );
  }

  async signIn(guest: GuestRequest): Promise<User> {
    const issued = await this.api.post<Session>("/auth/guest", guest, { token: null });
    this.keep(issued);
    return issued.user;
  }

  signOut(): void {
    this.forget();
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

  /** A valid token, renewed first if half of its lifetime has passed; null if signed out. */
  async token(): Promise<string | null> {
    if (this.stored && this.deps.now() >= this.stored.renewAt) await this.renew();
    return this.stored?.token ?? null;
  }

  /** Concurrent calls share one request. An unreachable server does not end the session. */
  renew(): Promise<void> {
    this.renewal ??= this.renewOnce().finally(() => {
      this.renewal = null;
    });
    return this.renewal;
  }

  private async renewOnce(): Promise<void> {
    const { stored } = this;
    if (!stored) return;
    try {
      const issued = await this.api.post<Session>("/auth/renew", undefined, { token: stored.token });
      if (this.stored === stored) this.keep(issued);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (this.stored === stored && (FATAL.has(error.code) || this.deps.now() >= stored.expiresAt))
        this.forget();
    }
  }

  private keep({ token, user, expiresIn }: Session): void {
    const now = this.deps.now();
    this.write({ token, user, renewAt: now + expiresIn * 500, expiresAt: now + expiresIn * 1000 });
  }

  private keepUser(user: User): User {
    if (this.stored?.user.id === user.id) this.write({ ...this.stored, user });
    return user;
  }

  private write(stored: Stored): void {
    this.deps.storage.setItem(KEY, JSON.stringify(stored));
    this.apply(stored);
  }

  private apply(stored: Stored): void {
    const before = this.stored?.user;
    this.stored = stored;
    this.store.setState({ status: "signed-in", user: stored.user });
    if (before && before.id !== stored.user.id) this.ended.emit(before);
  }

  private forget(): void {
    const before = this.stored?.user;
    this.stored = null;
    this.deps.storage.removeItem(KEY);
    this.store.setState({ status: "signed-out", user: null });
    if (before) this.ended.emit(before);
  }
}

function parse(text: string | null): Stored | null {
  if (!text) return null;
  try {
    const value: Partial<Stored> | null = JSON.parse(text);
    const complete = value?.token && value.user?.id && value.expiresAt && value.renewAt;
    return complete ? (value as Stored) : null;
  } catch {
    return null;
  }
}
