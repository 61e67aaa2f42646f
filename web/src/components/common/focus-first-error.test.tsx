import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { Level } from "../../protocol";
import { renderUi } from "../../test/render";
import { focusFirstError } from "./form-errors";
import { LevelPicker } from "./LevelPicker";

function Form() {
  const form = useForm<{ name: string; level: Level | null }>({
    initialValues: { name: "", level: null },
    validate: { name: (name) => (name ? null : "a name"), level: (level) => (level ? null : "a level") },
  });
  return (
    <form onSubmit={form.onSubmit(vi.fn(), focusFirstError)}>
      <TextInput label="Name" {...form.getInputProps("name")} />
      <LevelPicker
        label="Level"
        value={form.values.level}
        onChange={(level) => form.setFieldValue("level", level)}
        error={form.errors.level}
      />
      <button type="submit">Send</button>
    </form>
  );
}

describe("a form that was refused", () => {
  it("puts the focus on its first wrong field, a text or a choice", async () => {
    renderUi(<Form />);
    const name = screen.getByRole("textbox", { name: "Name" });
    await userEvent.click(screen.getByRole("button", { name: "Send" }));
    await waitFor(() => expect(document.activeElement).toBe(name));
    await userEvent.type(name, "Ann");
    await userEvent.click(screen.getByRole("button", { name: "Send" }));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("radio", { name: /A1/ })));
  });
});
