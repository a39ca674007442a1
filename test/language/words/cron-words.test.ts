import { expect, it } from '@jest/globals';
import { cronWords } from '../../../language/words/cron-words.ts';

it.each([
  ['0 8 1 1,4,7,10 *', 'at 08:00 on day 1 of January, April, July and October'],
  ['30 7 * * 1-5', 'at 07:30 from Monday to Friday'],
  ['0 6,18 * * *', 'at 06:00 and 18:00 every day'],
  ['*/15 * * * *', 'every 15 minutes every day'],
  ['5 * * * sun', 'every hour, at minute 5 on Sunday'],
  ['*/10 8-17 * * 1-5', 'every 10 minutes, in the hours 08, 09, 10, 11, 12, 13, 14, 15, 16 and 17 from Monday to Friday'],
  ['0 3 1,15 * *', 'at 03:00 on day 1 and 15 of every month'],
  ['0 0 * 12 *', 'at 00:00 in December, every day'],
  ['* * * * *', 'every minute every day'],
  ['not a cron', 'not a cron'],
])('%s is said as people say it', (cron, words) => {
  expect(cronWords(cron)).toBe(words);
});
