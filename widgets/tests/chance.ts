// Numbers that look random and are the same in every run.

export class Chance {
  constructor(private seed: number) {}

  /** A whole number from 0 to `limit`, without `limit`. */
  below(limit: number): number {
    this.seed = (Math.imul(this.seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.seed / 4_294_967_296) * limit);
  }

  of<One>(list: readonly One[]): One {
    return list[this.below(list.length)]!;
  }
}
