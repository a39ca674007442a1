// When a schedule comes round, as people say it. What is too mixed for that is said field by field.
import { type Cron, readCron } from '../cron.ts';
import { listWords } from './quantities.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
/** Times of day that are written out one by one. */
const MAX_TIMES = 6;

/** "at 08:00 on day 1 of January and July". The text of a checked plan can be read; any other is given back. */
export function cronWords(text: string): string {
  const read = readCron(text);
  return read.ok ? `${timeWords(read.cron)}${dayWords(read.cron)}` : text;
}

function timeWords({ minutes, hours }: Cron): string {
  const isEveryHour = hours.size === 24;
  if (isEveryHour && minutes.size === 60) return 'every minute';
  const [first = 0, second] = [...minutes];
  const step = second === undefined ? 0 : second - first;
  const isStepped = first === 0 && step > 1 && minutes.size === Math.ceil(60 / step) && [...minutes].every((minute) => minute % step === 0);
  const often = minutes.size === 60 ? 'every minute' : `every ${step} minutes`;
  if (isEveryHour && isStepped) return often;
  if (isEveryHour) return `every hour, at minute ${listWords([...minutes].map(String))}`;
  const times = [...hours].flatMap((hour) => [...minutes].map((minute) => `${two(hour)}:${two(minute)}`));
  if (times.length <= MAX_TIMES) return `at ${listWords(times)}`;
  const within = `in the hours ${listWords([...hours].map(two))}`;
  return isStepped || minutes.size === 60 ? `${often}, ${within}` : `at minute ${listWords([...minutes].map(String))}, ${within}`;
}

function dayWords({ days, months, weekdays }: Cron): string {
  const in_ = months.size === 12 ? 'every month' : listWords([...months].map((month) => MONTHS[month - 1] ?? ''));
  if (days.size < 31) return ` on day ${listWords([...days].map(String))} of ${in_}`;
  const only = months.size === 12 ? '' : ` in ${in_}`;
  if (weekdays.size === 7) return only === '' ? ' every day' : `${only}, every day`;
  const names = [...weekdays].toSorted((a, b) => a - b).map((day) => WEEKDAYS[day] ?? '');
  const isWeek = names.join() === WEEKDAYS.slice(1, 6).join();
  return `${isWeek ? ' from Monday to Friday' : ` on ${listWords(names)}`}${only}`;
}

const two = (value: number): string => String(value).padStart(2, '0');
