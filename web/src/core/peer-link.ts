import type { IceServer } from "../protocol";
import { type MediaSample, readStats } from "./media-stats";

const MICROPHONE_MID = "0";
export const STATS_PATIENCE_MS = 200;

export type CreatePeer = (configuration: RTCConfiguration) => RTCPeerConnection;

/** One RTCPeerConnection that answers the server's offers: mid 0 is our microphone, the others are slots. */
export class PeerLink {
  private readonly peer: RTCPeerConnection;
  /** What getStats told last, and the asking that is under way. */
  private told: unknown[] = [];
  private asking: Promise<void> | null = null;

  constructor(
    createPeer: CreatePeer,
    iceServers: readonly IceServer[],
    private readonly onState: (state: RTCPeerConnectionState) => void,
  ) {
    this.peer = createPeer({ iceServers: iceServers.map(iceServer), bundlePolicy: "max-bundle" });
    this.peer.addEventListener("connectionstatechange", () => this.onState(this.peer.connectionState));
  }

  get state(): RTCPeerConnectionState {
    return this.peer.connectionState;
  }

  /**
   * The SDP to send back. Without a track mid 0 is answered `sendonly` all the same, so that a microphone can
   * come later without negotiation. The server is lite and learns our addresses from our checks, so nothing
   * waits for candidates.
   */
  async answer(sdp: string, track: () => MediaStreamTrack | null): Promise<string> {
    await this.peer.setRemoteDescription({ type: "offer", sdp });
    const microphone = this.microphone();
    if (microphone) {
      microphone.direction = "sendonly";
      await microphone.sender.replaceTrack(track());
    }
    const answer = await this.peer.createAnswer();
    await this.peer.setLocalDescription(answer);
    return this.peer.localDescription?.sdp ?? answer.sdp ?? "";
  }

  async setTrack(track: MediaStreamTrack | null): Promise<void> {
    await this.microphone()?.sender.replaceTrack(track);
  }

  /** By mid, the microphone aside. */
  receivers(): Map<string, RTCRtpReceiver> {
    const slots = this.peer.getTransceivers().filter(({ mid }) => mid !== null && mid !== MICROPHONE_MID);
    return new Map(slots.map(({ mid, receiver }) => [mid ?? "", receiver]));
  }

  /** From what was told last where the browser takes its time: Firefox may never answer once an interface went. */
  async sample(at: number): Promise<MediaSample> {
    this.asking ??= this.ask();
    await Promise.race([this.asking, new Promise((resolve) => setTimeout(resolve, STATS_PATIENCE_MS))]);
    return readStats(this.told, at);
  }

  stats(): Promise<RTCStatsReport> {
    return this.peer.getStats();
  }

  close(): void {
    this.peer.close();
  }

  private async ask(): Promise<void> {
    // Refused by a connection that was closed meanwhile.
    const report = await this.peer.getStats().catch(() => null);
    if (report) this.told = [...report.values()];
    this.asking = null;
  }

  private microphone(): RTCRtpTransceiver | undefined {
    return this.peer.getTransceivers().find(({ mid }) => mid === MICROPHONE_MID);
  }
}

function iceServer({ urls, username, credential }: IceServer): RTCIceServer {
  return { urls, ...(username ? { username } : {}), ...(credential ? { credential } : {}) };
}
