const STEPS = [1, 2, 3, 5];

/** Top of a chart's scale: the smallest round even number that is not below the largest value. */
export function scaleTop(largest: number): number {
  for (let power = 1; ; power *= 10) {
    const step = STEPS.find((each) => each * 2 * power >= largest);
    if (step !== undefined) return step * 2 * power;
  }
}
