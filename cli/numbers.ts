// Numbers among a command's options.
import { InvalidArgumentError } from 'commander';

/** For commander: a whole number within these, else wrong use. */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d{1,9}$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`a whole number from ${least} to ${most} is expected`);
  };
