import { beforeEach, describe, expect, it, vi } from "vitest";
import { PushDevice } from "./push";

const KEY = "BAEC";
const OTHER_KEY = "BAED";
const bytesOf = (key: string) => Uint8Array.from(atob(key), (character) => character.charCodeAt(0)).buffer;

/** A browser with a push service, and the server's view of its subscription. */
class World {
  permission: NotificationPermission = "default";
  answer: NotificationPermission = "granted";
  user: string | null = "ann";
  key = KEY;
  subscribed: { key: string; number: number } | null = null;
  onServer = false;
  made = 0;
  shown = [{ close: vi.fn() }, { close: vi.fn() }];
  readonly kept = new Map<string, string>();
  refuse: Error | null = null;

  device() {
    const world = this;
    const subscription = () =>
      this.subscribed && {
        options: { applicationServerKey: bytesOf(this.subscribed.key) },
        toJSON: () => ({
          endpoint: `https://push.example/${this.subscribed?.number}`,
          keys: { p256dh: "p", auth: "a" },
        }),
        unsubscribe: async () => {
          this.subscribed = null;
          return true;
        },
      };
    const pushManager = {
      getSubscription: async () => subscription(),
      subscribe: async ({ applicationServerKey }: { applicationServerKey: Uint8Array }) => {
        const key = btoa(String.fromCharCode(...applicationServerKey));
        if (this.subscribed && this.subscribed.key !== key) throw new DOMException("", "InvalidStateError");
        if (!this.subscribed) {
          this.made += 1;
          this.subscribed = { key, number: this.made };
        }
        return subscription();
      },
    };
    const api = {
      get: async () => ({ pushKey: this.key, pushHere: this.onServer }),
      post: vi.fn(async () => {
        if (this.refuse) throw this.refuse;
        this.onServer = true;
      }),
      delete: async () => {
        this.onServer = false;
      },
    };
    const device = new PushDevice({
      api: api as never,
      storage: {
        getItem: (key) => this.kept.get(key) ?? null,
        setItem: (key, value) => void this.kept.set(key, value),
        removeItem: (key) => void this.kept.delete(key),
      },
      userId: () => this.user,
      registration: async () => ({ pushManager, getNotifications: async () => this.shown }) as never,
      notifications: {
        get permission() {
          return world.permission;
        },
        requestPermission: async () => {
          this.permission = this.answer;
          return this.answer;
        },
      },
      hasPush: true,
      needsInstall: false,
    });
    return { device, api, state: () => device.store.getState().state };
  }
}

let world: World;
beforeEach(() => {
  world = new World();
});

describe("PushDevice", () => {
  it("subscribes after a click, with the server's key, and sends what the server needs", async () => {
    const { device, api, state } = world.device();
    expect(state()).toBe("off");
    expect(await device.turnOn(KEY, "vi")).toBe(true);
    expect(state()).toBe("on");
    expect(api.post).toHaveBeenCalledWith("/push/subscription", {
      endpoint: "https://push.example/1",
      publicKey: "p",
      auth: "a",
      language: "vi",
    });
    expect(world.device().state()).toBe("on");
  });

  it("stays off if the person does not permit it", async () => {
    world.answer = "denied";
    const { device, state } = world.device();
    expect(await device.turnOn(KEY, "en")).toBe(false);
    expect([state(), world.made]).toEqual(["denied", 0]);
  });

  it("stays off if the server refuses", async () => {
    world.refuse = new Error("not offered");
    const { device, state } = world.device();
    await expect(device.turnOn(KEY, "en")).rejects.toThrow("not offered");
    expect(state()).toBe("off");
  });

  it("ends on both sides when it is turned off", async () => {
    const { device, state } = world.device();
    await device.turnOn(KEY, "en");
    await device.turnOff();
    expect([state(), world.subscribed, world.onServer]).toEqual(["off", null, false]);
  });

  it("never subscribes by itself", async () => {
    world.permission = "granted";
    await world.device().device.renew("en");
    expect(world.made).toBe(0);
  });

  it("subscribes again on a visit if the server or the browser has lost it", async () => {
    const { device, api } = world.device();
    await device.turnOn(KEY, "en");
    await device.renew("en");
    expect(api.post).toHaveBeenCalledTimes(1);
    world.onServer = false;
    await device.renew("en");
    expect(world.onServer).toBe(true);
    world.subscribed = null;
    await device.renew("en");
    expect([world.made, api.post.mock.calls.length]).toEqual([2, 3]);
  });

  it("subscribes anew with the server's new key", async () => {
    const { device } = world.device();
    await device.turnOn(KEY, "en");
    world.key = OTHER_KEY;
    world.onServer = false;
    await device.renew("en");
    expect(world.subscribed).toEqual({ key: OTHER_KEY, number: 2 });
  });

  it("ends with the session, and is off for the next person", async () => {
    const { device, state } = world.device();
    await device.turnOn(KEY, "en");
    world.user = null;
    await device.forget();
    expect([state(), world.subscribed]).toEqual(["off", null]);
  });

  it("is off for somebody else who signed in while no page was open", async () => {
    await world.device().device.turnOn(KEY, "en");
    world.user = "eve";
    world.onServer = false;
    const { device, state } = world.device();
    await device.renew("en");
    expect([state(), world.onServer]).toEqual(["off", false]);
  });

  it("stays on for a guest who becomes an account", async () => {
    const { device, state } = world.device();
    await device.turnOn(KEY, "en");
    world.user = "ann-kept";
    world.onServer = false;
    await device.forget();
    await device.carryOver("en");
    expect([state(), world.onServer]).toEqual(["on", true]);
  });

  it("takes shown notifications away once their notices were read", async () => {
    const { device } = world.device();
    await device.clear();
    expect(world.shown[0]?.close).not.toHaveBeenCalled();
    await device.turnOn(KEY, "en");
    await device.clear();
    for (const { close } of world.shown) expect(close).toHaveBeenCalled();
  });
});
