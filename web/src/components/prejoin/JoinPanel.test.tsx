import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, type MicrophoneStatus } from "../../hooks";
import { refusal } from "../../test/builders";
import { renderUi } from "../../test/render";
import { JoinPanel } from "./JoinPanel";

const session = vi.hoisted(() => ({ user: { name: "Ann" } as object | null, signIn: vi.fn() }));
const microphone = vi.hoisted(() => ({ status: "idle" as string, input: "sound", start: vi.fn() }));

vi.mock("../../hooks", async (original) => ({
  ...(await original<object>()),
  useSession: () => session,
  useMicrophone: () => ({ ...microphone, devices: [], deviceId: null, select: vi.fn() }),
  useMicLevel: () => {},
}));

const onJoin = vi.fn();

function show(status: MicrophoneStatus) {
  microphone.status = status;
  const panel = <JoinPanel headingId="h" onJoin={onJoin} />;
  const view = renderUi(panel);
  return {
    becomes: (next: MicrophoneStatus) => {
      microphone.status = next;
      view.rerender(<JoinPanel headingId="h" onJoin={onJoin} />);
    },
  };
}

beforeEach(() => {
  onJoin.mockReset();
  microphone.start.mockReset();
  microphone.input = "sound";
  session.user = { name: "Ann" };
  session.signIn.mockReset();
});

describe("JoinPanel", () => {
  it("asks for the microphone first, and joins once it is ready", async () => {
    const panel = show("idle");
    await userEvent.click(screen.getByRole("button", { name: "Join the room" }));
    expect(microphone.start).toHaveBeenCalledOnce();
    expect(onJoin).not.toHaveBeenCalled();
    panel.becomes("ready");
    expect(onJoin).toHaveBeenCalledOnce();
  });

  it("does not join when the microphone is refused, and offers to listen", async () => {
    const panel = show("idle");
    await userEvent.click(screen.getByRole("button", { name: "Join the room" }));
    panel.becomes("denied");
    expect(onJoin).not.toHaveBeenCalled();
    expect(screen.getByText("The microphone is blocked")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Join as a listener" }));
    expect(onJoin).toHaveBeenCalledOnce();
  });

  it.each(["idle", "denied", "none", "error"] as const)(
    "lets one in without a microphone when it is %s",
    async (status) => {
      show(status);
      await userEvent.click(screen.getByRole("button", { name: "Join as a listener" }));
      expect(onJoin).toHaveBeenCalledOnce();
      expect(microphone.start).not.toHaveBeenCalled();
    },
  );

  it("does not open the browser's prompt before a click", () => {
    show("idle");
    expect(microphone.start).not.toHaveBeenCalled();
  });

  it.each([
    ["silent", /^No sound comes from your microphone/],
    ["system_muted", /has muted the microphone/],
  ])("says that a microphone delivers nothing instead of that it is ready: %s", (input, text) => {
    microphone.input = input;
    show("ready");
    expect(screen.getByText(text)).toBeTruthy();
    expect(screen.queryByText(/Say something/)).toBeNull();
  });

  describe("for somebody who has not signed in", () => {
    beforeEach(() => {
      session.user = null;
      session.signIn.mockImplementation(async () => {
        session.user = { name: "Ann" };
      });
    });

    it("asks for the name at joining, and only then for the microphone", async () => {
      show("idle");
      await screen.findByRole("textbox", { name: "Your name" });
      await userEvent.click(screen.getByRole("button", { name: "Join the room" }));
      expect(session.signIn).not.toHaveBeenCalled();
      expect(screen.getByText(/Enter a name/)).toBeTruthy();
      expect(microphone.start).not.toHaveBeenCalled();
      await userEvent.type(await screen.findByRole("textbox", { name: "Your name" }), "Ann{Enter}");
      expect(session.signIn).toHaveBeenCalledWith(expect.objectContaining({ name: "Ann" }));
      expect(microphone.start).toHaveBeenCalledOnce();
    });

    it("lets one in as a listener with the name alone", async () => {
      show("idle");
      await userEvent.type(await screen.findByRole("textbox", { name: "Your name" }), "Ann");
      await userEvent.click(screen.getByRole("button", { name: "Join as a listener" }));
      expect(session.signIn).toHaveBeenCalledOnce();
      expect(onJoin).toHaveBeenCalledOnce();
      expect(microphone.start).not.toHaveBeenCalled();
    });

    it("stays at the door if the name is refused", async () => {
      session.signIn.mockRejectedValue(new ApiError(refusal("unavailable").error));
      show("idle");
      await userEvent.type(await screen.findByRole("textbox", { name: "Your name" }), "Ann{Enter}");
      expect(screen.getByRole("alert").textContent).toMatch(/busy or restarting/);
      expect(microphone.start).not.toHaveBeenCalled();
      expect(onJoin).not.toHaveBeenCalled();
    });
  });
});
