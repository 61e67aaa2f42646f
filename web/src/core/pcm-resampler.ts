/** Zero crossings of the filter's sinc on each side: more are sharper, and later by 1/16,000 s each. */
const CROSSINGS = 12;
/** Share of the lower rate's bandwidth that is kept. */
const KEPT = 0.92;

/** Converts a stream of samples (-1 to 1) from one rate to another, as 16-bit PCM. Both rates are whole numbers of Hz. */
export class PcmResampler {
  private readonly down: number;
  private readonly half: number;
  /** Weights of the samples around an output's position, for each fraction of a sample that a position can have. */
  private readonly weights: Float32Array[];
  /** Input that later outputs need, and the position of the next output in it: `at` samples and `phase` parts of one. */
  private rest: Float32Array;
  private at: number;
  private phase = 0;

  constructor(rate: number, target: number) {
    const divisor = greatestDivisor(rate, target);
    const up = target / divisor;
    this.down = rate / divisor;
    const cutoff = KEPT * Math.min(1, target / rate);
    this.half = Math.ceil(CROSSINGS / cutoff);
    this.weights = Array.from({ length: up }, (_, phase) => weightsAt(phase / up, this.half, cutoff));
    this.rest = new Float32Array(this.half);
    this.at = this.half;
  }

  feed(samples: Float32Array): Int16Array<ArrayBuffer> {
    const input = new Float32Array(this.rest.length + samples.length);
    input.set(this.rest);
    input.set(samples, this.rest.length);
    const found: number[] = [];
    while (this.at + this.half < input.length) {
      found.push(this.sampleOf(input));
      this.phase += this.down;
      this.at += Math.floor(this.phase / this.weights.length);
      this.phase %= this.weights.length;
    }
    const used = Math.min(input.length, this.at - this.half);
    this.rest = input.slice(used);
    this.at -= used;
    return Int16Array.from(found);
  }

  private sampleOf(input: Float32Array): number {
    const weights = this.weights[this.phase] as Float32Array;
    const from = this.at - this.half;
    let sum = 0;
    for (let i = 0; i < weights.length; i += 1) sum += (input[from + i] as number) * (weights[i] as number);
    return Math.round(32_767 * Math.max(-1, Math.min(1, sum)));
  }
}

/** A windowed sinc around `fraction`, from `half` samples before it to `half` after; the sum is 1. */
function weightsAt(fraction: number, half: number, cutoff: number): Float32Array {
  const weights = Float32Array.from({ length: 2 * half + 1 }, (_, i) => {
    const x = i - half - fraction;
    const window = Math.abs(x) < half ? 0.5 + 0.5 * Math.cos((Math.PI * x) / half) : 0;
    return window * (x === 0 ? 1 : Math.sin(Math.PI * cutoff * x) / (Math.PI * cutoff * x));
  });
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
