import { act } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { renderUi } from "../../test/render";
import { UpdatePrompt } from "./UpdatePrompt";

interface Options {
  onNeedReload(): void;
}

const worker = vi.hoisted(() => ({ isReady: false, options: null as Options | null }));
const call = vi.hoisted(() => ({ isInCall: false }));
const loadAll = vi.hoisted(() => vi.fn(async () => {}));

vi.mock("virtual:pwa-register/react", () => ({
  useRegisterSW: (options: Options) => {
    worker.options = options;
    return { needRefresh: [worker.isReady], updateServiceWorker: () => {} };
  },
}));
vi.mock("../../hooks", () => ({ useIsInCall: () => call.isInCall }));
vi.mock("../../core/lazy-load", async (original) => ({
  ...(await original<object>()),
  loadAllOfThisVersion: loadAll,
}));

const reload = vi.fn();

beforeEach(() => {
  Object.assign(worker, { isReady: false, options: null });
  call.isInCall = false;
  reload.mockReset();
  loadAll.mockClear();
  vi.stubGlobal("location", { ...window.location, reload });
});

it("loads the rest of this version while a new one waits", () => {
  worker.isReady = true;
  renderUi(<UpdatePrompt />);
  expect(loadAll).toHaveBeenCalledOnce();
});

it("reloads when another tab has accepted the new version", () => {
  renderUi(<UpdatePrompt />);
  act(() => worker.options?.onNeedReload());
  expect(reload).toHaveBeenCalledOnce();
});

it("does not reload a call, and reloads after it", () => {
  call.isInCall = true;
  const { rerender } = renderUi(<UpdatePrompt />);
  act(() => worker.options?.onNeedReload());
  expect(reload).not.toHaveBeenCalled();
  call.isInCall = false;
  rerender(<UpdatePrompt />);
  expect(reload).toHaveBeenCalledOnce();
});
