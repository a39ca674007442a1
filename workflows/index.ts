export { runPlaybook } from './run-playbook.ts';
