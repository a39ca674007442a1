import { describe, expect, it } from '@jest/globals';
import { alerts, HOSTS } from '../../bench/alerts.ts';
import { readOptions } from '../../bench/options.ts';
import { shares } from '../../bench/profile.ts';
import { comparison, reportOf } from '../../bench/report.ts';
import type { Round } from '../../bench/round.ts';
import { median, percentile } from '../../bench/statistics.ts';
import { COMPUTERS } from '../../range/people.ts';

describe('statistics', () => {
  it('take the middle, and go between neighbours', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(percentile([10, 20, 30, 40, 50], 0.95)).toBeCloseTo(48);
    expect(median([])).toBeNaN();
  });

  it('do not reorder what they are given', () => {
    const values = [3, 1, 2];
    percentile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('the alerts', () => {
  it('are about hosts that the practice range has and that are on, each about one of its own', () => {
    const on = new Set(COMPUTERS.filter((computer) => computer.online).map((computer) => computer.id));
    expect(HOSTS.filter((host) => !on.has(host))).toEqual([]);
    const made = alerts(450);
    expect(new Set(made.map((alert) => alert.hosts[0].name)).size).toBe(450);
    expect(new Set(made.map((alert) => alert.id)).size).toBe(450);
  });
});

describe('the options', () => {
  it('have bounds: the range has 450 hosts to contain', () => {
    expect(readOptions(['--runs', '450', '--no-profile'])).toMatchObject({ runs: 450, rounds: 5, profile: false, json: false });
    expect(() => readOptions(['--runs', '451'])).toThrow('--runs');
    expect(() => readOptions(['--rounds', 'many'])).toThrow('--rounds');
    expect(() => readOptions(['--fast'])).toThrow('--fast');
  });
});

describe('the report', () => {
  const round = (tookMs: number, containedMs: number[]): Round => ({
    ...{
      runs: 100,
      tookMs,
      containedMs,
      events: 9,
      served: { effects: { statements: 0, ms: 0 }, audit: { statements: 0, ms: 0 }, other: { statements: 0, ms: 0 } },
      statements: 22,
      requests: 10,
      cpuMs: 40,
      temporalCpuMs: 10,
    },
  });

  it('is the medians of the rounds: one bad round does not decide', () => {
    const report = reportOf(
      [round(5_000, [1]), round(60_000, [900]), round(4_000, [2])],
      [round(1, [80, 100, 120]), round(1, [90, 110, 130]), round(1, [5_000])],
    );
    expect(report).toMatchObject({ perSecond: 20, steadyP50Ms: 110, burstP50Ms: 2 });
  });

  it('says ours against theirs, and no ratio to nothing', () => {
    const ours = reportOf([round(5_000, [50])], [round(1, [50])]);
    const theirs = { ...ours, perSecond: 40, statements: 0 };
    const lines = comparison(ours, theirs).split('\n');
    expect(lines.find((line) => line.includes('runs per second'))).toMatch(/20\.0 \|\s+40\.0 \|\s+0\.50 \|/);
    expect(lines.find((line) => line.includes('statements'))).toMatch(/22\.0 \|\s+0\.0 \|\s+- \|/);
  });
});

describe('a profile', () => {
  const node = (id: number, functionName: string, url: string, children: number[] = []) => ({
    id,
    callFrame: { functionName, url },
    children,
  });
  const profile = {
    nodes: [
      node(1, '(root)', '', [2, 3, 4, 5]),
      node(2, '(idle)', ''),
      node(3, 'bindRun', 'file:///somewhere/dist/store/runs.js', [6]),
      node(4, 'post', 'file:///somewhere/node_modules/@scope/client/lib/index.js'),
      node(5, 'wasm-function[1]', 'wasm://wasm/0123'),
      node(6, 'update', 'node:internal/crypto/hash'),
    ],
    startTime: 1_000,
    samples: [3, 6, 4, 2, 5, 3],
    timeDeltas: [1_000, 1_000, 2_000, 9_000, 3_000, 50_000],
  };

  it('counts for our folders and packages, what Node does for its caller, no idle time, nothing outside of the period', () => {
    expect(shares(profile, { from: 1_500, to: 20_000 })).toEqual([
      { where: 'database (WebAssembly)', ms: 3 },
      { where: 'store/', ms: 2 },
      { where: '@scope/client', ms: 2 },
    ]);
  });
});
