import type { RoomNode } from "../protocol";
import { ApiError } from "./api-error";

export interface RoomNodeDeps {
  /** GET /api/rooms/{id}/node: the server to go to after `lost` was lost. Rejects with ApiError. */
  find(lost: string): Promise<RoomNode>;
  /** ms within which to wait at random before asking, so that a room's clients do not all ask at once. */
  spread(): number;
  random?: () => number;
}

/** The server that has a room, where several share their rooms; elsewhere it stays unknown and is never asked for. */
export class RoomNodes {
  /** Named by a server since the last attempt to connect. */
  private isNew = true;
  private asking: Promise<void> | null = null;

  constructor(
    private readonly deps: RoomNodeDeps,
    private node: RoomNode | null,
  ) {}

  get isShared(): boolean {
    return this.node !== null;
  }

  /** Base of Socket.IO, relative to the page; empty: the page's own server. */
  get url(): string {
    return this.node?.url ?? "";
  }

  /** A server has named the one that has the room. */
  name(node: RoomNode | null): void {
    this.node = node ?? this.node;
    this.isNew = true;
  }

  /** `join` was answered there: it is the one to ask about if it is lost. */
  joined(node: RoomNode | null): void {
    this.node = node;
    this.isNew = false;
  }

  /** Before an attempt to connect: finds where the room is now. Null if there is nothing to ask. Never rejects. */
  find(): Promise<void> | null {
    const { node } = this;
    const isNew = this.isNew;
    this.isNew = false;
    if (!node || isNew) return null;
    this.asking ??= this.ask(node).finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  /** Another server that has the room now; null if it is the same one, or if nobody knows. Never rejects. */
  async elsewhere(): Promise<RoomNode | null> {
    const here = this.node;
    if (!here) return null;
    await this.wait();
    try {
      const found = await this.deps.find(here.nodeId);
      return found.nodeId === here.nodeId ? null : found;
    } catch {
      return null;
    }
  }

  private wait(): Promise<void> {
    const random = this.deps.random ?? Math.random;
    return new Promise((resolve) => setTimeout(resolve, this.deps.spread() * random()));
  }

  private async ask(lost: RoomNode): Promise<void> {
    await this.wait();
    try {
      this.node = await this.deps.find(lost.nodeId);
    } catch (error) {
      // The page's own server says what became of the room. After any other error the same server is tried.
      if (error instanceof ApiError && error.problem?.status === 404) this.node = null;
    }
  }
}
