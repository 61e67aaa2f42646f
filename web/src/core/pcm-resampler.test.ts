import { describe, expect, it } from "vitest";
import { PcmResampler } from "./pcm-resampler";

const TARGET = 16_000;

function tone(hz: number, rate: number, seconds: number): Float32Array {
  return Float32Array.from(
    { length: rate * seconds },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / rate),
  );
}

function resampled(samples: Float32Array, rate: number, part: number): number[] {
  const resampler = new PcmResampler(rate, TARGET);
  const found: number[] = [];
  for (let at = 0; at < samples.length; at += part)
    found.push(...resampler.feed(samples.subarray(at, at + part)));
  return found;
}

function rms(samples: number[]): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

/** Rising zero crossings a second. */
function pitch(samples: number[]): number {
  const rising = samples.filter((sample, i) => i > 0 && sample >= 0 && (samples[i - 1] as number) < 0);
  return (rising.length * TARGET) / samples.length;
}

describe.each([48_000, 44_100, 16_000, 8_000])("from %i Hz", (rate) => {
  it("a tone keeps its pitch and loudness, and its length", () => {
    const found = resampled(tone(1_000, rate, 1), rate, 1_024);
    expect(Math.abs(found.length - TARGET)).toBeLessThan(100);
    const middle = found.slice(2_000, -2_000);
    expect(pitch(middle)).toBeCloseTo(1_000, -1);
    expect(rms(middle) / 32_767).toBeCloseTo(0.5 / Math.SQRT2, 2);
  });
});

it("a tone above half the rate is not heard as another one", () => {
  const found = resampled(tone(11_000, 48_000, 1), 48_000, 1_024).slice(500, -500);
  expect(rms(found) / 32_767).toBeLessThan(0.005);
});

it("the parts in which sound arrives change nothing", () => {
  const sound = tone(440, 44_100, 0.3);
  const whole = resampled(sound, 44_100, sound.length);
  expect(resampled(sound, 44_100, 128)).toEqual(whole);
  expect(resampled(sound, 44_100, 777)).toEqual(whole);
});

it("sound that is too loud is limited, not wrapped", () => {
  const loud = tone(300, 48_000, 0.2).map((sample) => 4 * sample);
  const found = resampled(loud, 48_000, 1_024);
  expect(Math.max(...found)).toBe(32_767);
  expect(Math.min(...found)).toBe(-32_767);
});
