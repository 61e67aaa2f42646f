/** An RTCPeerConnection that records calls and connects on request. */
export class FakePeer extends EventTarget {
  connectionState: RTCPeerConnectionState = "new";
  localDescription: RTCSessionDescriptionInit | null = null;
  readonly remote: string[] = [];
  closed = false;
  /** Connect as soon as there is an answer. */
  eager = false;
  stats: Record<string, unknown>[] = [];
  private readonly transceivers: FakeTransceiver[] = [];

  constructor(readonly configuration: RTCConfiguration) {
    super();
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.remote.push(description.sdp ?? "");
    if (this.transceivers.length === 0) {
      for (const mid of ["0", "1", "2"]) this.transceivers.push(new FakeTransceiver(mid));
    }
  }

  async createAnswer(): Promise<RTCSessionDescriptionInit> {
    return { type: "answer", sdp: `answer to ${this.remote.at(-1)}` };
  }

  async setLocalDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.localDescription = description;
    if (this.eager && this.connectionState === "new")
      queueMicrotask(() => this.closed || this.become("connected"));
  }

  getTransceivers(): FakeTransceiver[] {
    return this.transceivers;
  }

  async getStats(): Promise<Map<string, unknown>> {
    return new Map(this.stats.map((entry, index) => [String(index), entry]));
  }

  close(): void {
    this.closed = true;
    this.connectionState = "closed";
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.dispatchEvent(new Event("connectionstatechange"));
  }

  get microphone(): FakeTransceiver | undefined {
    return this.transceivers[0];
  }
}

class FakeTransceiver {
  direction = "recvonly";
  readonly receiver = { track: { kind: "audio" } };
  track: MediaStreamTrack | null = null;
  readonly sender = {
    replaceTrack: async (track: MediaStreamTrack | null) => {
      this.track = track;
    },
  };

  constructor(readonly mid: string) {}
}
