import type { IceServer } from "../protocol";
import { type MediaSample, readStats } from "./media-stats";

const MICROPHONE_MID = "0";
export const STATS_TIMEOUT_MS = 200;

export type CreatePeer = (configuration: RTCConfiguration) => RTCPeerConnection;

/** One RTCPeerConnection that answers the server's offers: mid 0 is our microphone, the others are slots. */
export class PeerLink {
  private readonly peer: RTCPeerConnection;
  /** The last report of getStats, and the call that is pending. */
  private report: unknown[] = [];
  private pending: Promise<void> | null = null;

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
   * The SDP of the answer. Mid 0 is `sendonly` even without a track, so that a microphone can be added later without
   * negotiation. The server is ICE-lite and learns our addresses from our checks, so candidates are not waited for.
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

  /** Receivers of the slots by mid. */
  receivers(): Map<string, RTCRtpReceiver> {
    const slots = this.peer.getTransceivers().filter(({ mid }) => mid !== null && mid !== MICROPHONE_MID);
    return new Map(slots.map(({ mid, receiver }) => [mid ?? "", receiver]));
  }

  /** Uses the last report if the browser is slow: Firefox may never answer after a network interface was removed. */
  async sample(at: number): Promise<MediaSample> {
    this.pending ??= this.fetchReport();
    await Promise.race([this.pending, new Promise((resolve) => setTimeout(resolve, STATS_TIMEOUT_MS))]);
    return readStats(this.report, at);
  }

  stats(): Promise<RTCStatsReport> {
    return this.peer.getStats();
  }

  close(): void {
    this.peer.close();
  }

  private async fetchReport(): Promise<void> {
    // A connection that was closed meanwhile rejects.
    const report = await this.peer.getStats().catch(() => null);
    if (report) this.report = [...report.values()];
    this.pending = null;
  }

  private microphone(): RTCRtpTransceiver | undefined {
    return this.peer.getTransceivers().find(({ mid }) => mid === MICROPHONE_MID);
  }
}

function iceServer({ urls, username, credential }: IceServer): RTCIceServer {
  return { urls, ...(username ? { username } : {}), ...(credential ? { credential } : {}) };
}
