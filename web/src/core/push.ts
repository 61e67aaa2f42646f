import { createStore } from "zustand/vanilla";
import type { NoticeSettings, PushSubscribe } from "../protocol";
import type { Api } from "./api";
import type { Locale } from "./settings";
import type { KeyValueStorage } from "./storage";

/**
 * Messages to this device. `install`: this browser has them only for an installed app (iOS). `denied`: the person does not
 * let this site show notifications.
 */
export type PushState = "unsupported" | "install" | "denied" | "off" | "on";

export interface PushDeps {
  api: Pick<Api, "get" | "post" | "delete">;
  storage: KeyValueStorage;
  /** Of who is signed in. */
  userId(): string | null;
  /** Rejects if there is no service worker. */
  registration(): Promise<Pick<ServiceWorkerRegistration, "pushManager" | "getNotifications">>;
  /** Undefined where the browser has no notifications. */
  notifications: Pick<typeof Notification, "permission" | "requestPermission"> | undefined;
  hasPush: boolean;
  /** A browser of an iPhone or iPad, in which the site is not an installed app. */
  needsInstall: boolean;
}

/** Holds the id of the user who has turned messages on here, by their own click, until they turn them off or sign out. */
const WANTED_KEY = "parlor.push";

/** Whether and how this browser gets messages while no page is open (Web Push). */
export class PushDevice {
  readonly store = createStore<{ state: PushState }>(() => ({ state: "off" }));
  private wasOn = false;

  constructor(private readonly deps: PushDeps) {
    this.look();
  }

  /** Asks for the permission and subscribes: call it from a click alone. False if the person does not permit it. */
  async turnOn(key: string, language: Locale): Promise<boolean> {
    const permission = await this.deps.notifications?.requestPermission();
    if (permission !== "granted") {
      this.look();
      return false;
    }
    await this.subscribe(key, language);
    this.want();
    return true;
  }

  async turnOff(): Promise<void> {
    await this.deps.api.delete("/push/subscription");
    await this.forget();
  }

  /**
   * On a visit: subscribes again what the person has turned on here and the server does not know any more, as after a
   * change of its key.
   */
  async renew(language: Locale): Promise<void> {
    this.look();
    if (this.store.getState().state !== "on") return;
    const { pushHere, pushKey } = await this.deps.api.get<NoticeSettings>("/notices/settings");
    const { pushManager } = await this.deps.registration();
    const isSubscribed = (await pushManager.getSubscription()) !== null;
    if (pushKey !== null && !(pushHere && isSubscribed)) await this.subscribe(pushKey, language);
  }

  /** The session has ended, and with it the server's subscription. */
  async forget(): Promise<void> {
    this.wasOn = this.deps.storage.getItem(WANTED_KEY) !== null;
    this.deps.storage.removeItem(WANTED_KEY);
    this.look();
    if (!this.wasOn) return;
    const { pushManager } = await this.deps.registration();
    await (await pushManager.getSubscription())?.unsubscribe();
  }

  /** The guest of the session before has become this person: what they had turned on stays on. */
  async carryOver(language: Locale): Promise<void> {
    const wasOn = this.wasOn || this.deps.storage.getItem(WANTED_KEY) !== null;
    if (!wasOn || this.deps.notifications?.permission !== "granted") return;
    this.want();
    await this.renew(language);
  }

  /** Takes the shown notifications away: the person has read the notices in the page. */
  async clear(): Promise<void> {
    if (this.store.getState().state !== "on") return;
    for (const shown of await (await this.deps.registration()).getNotifications()) shown.close();
  }

  private want(): void {
    this.deps.storage.setItem(WANTED_KEY, this.deps.userId() ?? "");
    this.look();
  }

  private look(): void {
    const { notifications, hasPush, needsInstall, storage, userId } = this.deps;
    const state = (): PushState => {
      if (needsInstall) return "install";
      if (!hasPush || !notifications) return "unsupported";
      if (notifications.permission === "denied") return "denied";
      const wanted = storage.getItem(WANTED_KEY);
      const isWanted = wanted !== null && wanted === userId();
      return notifications.permission === "granted" && isWanted ? "on" : "off";
    };
    this.store.setState({ state: state() });
  }

  private async subscribe(key: string, language: Locale): Promise<void> {
    const { pushManager } = await this.deps.registration();
    const before = await pushManager.getSubscription();
    if (before && !isOfKey(before, key)) await before.unsubscribe();
    const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
    await this.deps.api.post<NoticeSettings>("/push/subscription", wire(made, language));
  }
}

function wire(subscription: PushSubscription, language: Locale): PushSubscribe {
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint: endpoint ?? "", publicKey: keys?.p256dh ?? "", auth: keys?.auth ?? "", language };
}

/** A browser refuses to subscribe again with another key. */
function isOfKey({ options }: PushSubscription, key: string): boolean {
  const own = options.applicationServerKey;
  return own !== null && String.fromCharCode(...new Uint8Array(own)) === text(key);
}

const text = (base64url: string) => atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text(base64url), (character) => character.charCodeAt(0));
}
