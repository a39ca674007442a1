// Takes the lock when told to, says whether it got it, and holds it until its input ends.
import { lockFolder } from '../../store/folder-lock.ts';

const [folder = ''] = process.argv.slice(2);
process.stdout.write('ready\n');
process.stdin.once('data', () => {
  try {
    lockFolder(folder);
    process.stdout.write('held\n');
  } catch (error) {
    process.stdout.write(`${error instanceof Error && 'code' in error ? error.code : error}\n`);
  }
});
process.stdin.once('end', () => process.exit(0));
process.stdin.resume();
