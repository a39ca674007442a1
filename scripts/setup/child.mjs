// Runs other programs for the set-up: their output goes to a log file, a Ctrl-C ends them, nothing is left behind.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SetupError } from './steps.mjs';

const running = new Set();
let ended = false;

/** Call first thing: SIGINT and SIGTERM end what the set-up has started, then this process. Returns a function that lets go of the signals. */
export function endChildrenOnSignal() {
  const handlers = ['SIGINT', 'SIGTERM'].map((signal) => {
    const handler = () => {
      if (ended) return;
      ended = true;
      for (const child of running) child.kill('SIGTERM');
      const code = signal === 'SIGINT' ? 130 : 143;
      const leave = () => {
        console.log('\nStopped during set-up; the next start goes on from here.');
        process.exit(code);
      };
      if (running.size === 0) leave();
      // A child that does not listen is not waited for longer than this.
      const force = setTimeout(() => {
        for (const child of running) child.kill('SIGKILL');
        leave();
      }, 3_000);
      for (const child of running) {
        child.once('close', () => {
          if (running.size > 0) return;
          clearTimeout(force);
          leave();
        });
      }
    };
    process.on(signal, handler);
    return [signal, handler];
  });
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

/** Runs a program with its output in `logFile`. Rejects with `code` and the end of the output when it fails; never settles once we are being stopped. */
export function runLogged(command, args, { logFile, code, onLine = () => {}, env = process.env, cwd = process.cwd() }) {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w');
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', log, log] });
    running.add(child);
    const tail = setInterval(() => onLine(lastLines(logFile, 1)), 500);
    const end = (failure) => {
      clearInterval(tail);
      running.delete(child);
      if (ended) return;
      closeSync(log);
      if (failure === undefined) resolve();
      else reject(new SetupError(code, `${failure}\n\n${lastLines(logFile, 25)}\n\nThe whole output is in ${logFile}`));
    };
    child.once('error', (error) => end(`${command} could not be started: ${error.message}`));
    child.once('close', (exit, signal) => end(exit === 0 ? undefined : `"${[command, ...args].join(' ')}" ended with ${signal ?? exit}.`));
  });
}

/** Runs a program on our own terminal. Resolves with its exit code; a signal to us reaches it too. */
export function runShown(command, args, { env = process.env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: 'inherit' });
    running.add(child);
    const end = (code) => {
      running.delete(child);
      if (!ended) resolve(code);
    };
    child.once('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      end(1);
    });
    child.once('close', (code) => end(code ?? 1));
  });
}

const lastLines = (file, count) => readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
