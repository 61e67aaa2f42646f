import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, problem } from "../../core/api-error";
import { BASES, DOCUMENTS } from "../../dev/documents";
import type { KnowledgeBase } from "../../protocol";
import { renderUi } from "../../test/render";
import { Documents } from "./Documents";

const add = vi.hoisted(() => vi.fn());
vi.mock("../../hooks", () => ({
  useDocuments: () => ({ data: DOCUMENTS, error: null }),
  useAddDocument: () => ({ mutateAsync: add }),
  useDeleteDocument: () => ({ mutateAsync: vi.fn(), isPending: false }),
}));

const file = (name: string, size = 1) => new File(["x".repeat(size)], name);

async function choose(...files: File[]) {
  const field = document.querySelector<HTMLInputElement>("input[type=file]");
  await userEvent.upload(field as HTMLInputElement, files);
}

beforeEach(() => {
  add.mockReset().mockResolvedValue({});
  renderUi(<Documents base={BASES.items[0] as KnowledgeBase} />);
});

describe("documents", () => {
  it("are added one after the other, and those refused are named with their reason", async () => {
    const refusal = new ApiError(problem("document_unreadable", 422, "The PDF has a password.", false));
    add.mockRejectedValueOnce(refusal);
    await choose(file("secret.pdf"), file("notes.md"));
    expect(add).toHaveBeenCalledTimes(2);
    expect(screen.getByText(/^secret\.pdf: /)).toBeTruthy();
    expect(screen.queryByText(/^notes\.md: /)).toBeNull();
  });

  it("have names that the server takes", async () => {
    await choose(file(`${"a".repeat(200)}.md`));
    const [sent] = add.mock.calls[0] as [File];
    expect(sent.name).toHaveLength(120);
    expect(sent.name.endsWith(".md")).toBe(true);
  });
});
