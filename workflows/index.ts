export { runPlaybook } from './run-playbook.ts';
export { scheduledTick } from './scheduled-tick.ts';
