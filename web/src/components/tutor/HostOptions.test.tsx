import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { CallHook } from "../../hooks";
import { participant, tutor } from "../../test/builders";
import { renderUi } from "../../test/render";
import { HostOptions } from "./HostOptions";

const send = vi.hoisted(() => vi.fn());

vi.mock("../../hooks", () => ({
  useSend: () => send,
  useCall: () => ({ room: undefined }),
  useCourses: () => ({ data: { items: [] } }),
  useHeardClasses: () => ({}),
  useKnowledgeBases: () => ({ data: undefined }),
  useRoomTutor: () => ({ invite: { mutateAsync: vi.fn() } }),
}));

beforeEach(() => send.mockReset());

function show(isMuted: boolean) {
  const tutorParticipant = participant({ id: "p-tutor", kind: "tutor", isMuted });
  const call = { participants: [participant(), tutorParticipant] } as unknown as CallHook;
  renderUi(<HostOptions call={call} tutor={tutor({ captions: false, breaksSilence: true })} />);
}

const option = (name: RegExp) => screen.getByRole<HTMLInputElement>("switch", { name });

describe("the host's options", () => {
  it.each([
    [/Captions for everyone/, { captions: true }],
    [/Speaks after a long silence/, { breaksSilence: false }],
    [/Text only/, { muted: true }],
  ])("sends %s alone", async (name, change) => {
    show(false);
    await userEvent.click(option(name));
    expect(send).toHaveBeenCalledExactlyOnceWith("set_tutor_options", change);
  });

  it("shows a muted tutor as text only", () => {
    show(true);
    expect(option(/Text only/).checked).toBe(true);
  });
});
