// The preload module in a realm of its own, as every worker thread has one: what one run does to a built-in reaches no other.
import { readFileSync } from 'node:fs';
import { type Context, createContext, runInContext } from 'node:vm';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { transformSync } from '@swc/core';

let realm: Context;
const inRealm = (code: string): unknown => runInContext(`'use strict'; ${code}`, realm);
beforeAll(() => {
  realm = createContext({});
  const source = readFileSync('workflows/freeze-prototypes.ts', 'utf8');
  const { code } = transformSync(source, { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } });
  // A script, not a module: the flag that it exports is not needed here.
  runInContext(code.replace(/^export /m, ''), realm);
});

describe('hardened built-ins', () => {
  it.each([
    ['a method of Array', 'Array.prototype.filter = () => []'],
    ['a method of Object', 'Object.keys = () => []'],
    ['what every object inherits', 'Object.prototype.polluted = true'],
    ['the same, by __proto__', '({}).__proto__.polluted = true'],
    ['the same, defined', "Object.defineProperty(Object.prototype, 'polluted', { value: true })"],
    ['the same, by a function of its own', 'Reflect.getPrototypeOf({}).constructor.prototype.polluted = true'],
    ['JSON', 'JSON.parse = () => null'],
    ['Math', 'Math.max = () => 0'],
    ['Map', 'Map.prototype.get = () => undefined'],
    ['Promise', 'Promise.prototype.then = () => undefined'],
    ['the iterator that has no name', 'Object.getPrototypeOf([][Symbol.iterator]()).next = () => ({ done: true })'],
    ['generators', 'Object.getPrototypeOf(function* () {}).prototype.next = () => ({ done: true })'],
    ['asynchronous functions', 'Object.getPrototypeOf(async () => {}).constructor.prototype.call = null'],
    ['typed arrays', 'Object.getPrototypeOf(Int8Array).prototype.map = null'],
    ['a regular expression', 'RegExp.prototype.exec = () => null'],
    ['a deletion', 'delete Array.prototype.map'],
    ["another's prototype", 'Object.setPrototypeOf(Array.prototype, null)'],
  ])('%s cannot be changed', (_what, code) => {
    // The error is the other realm's: only its name can be compared.
    expect(() => inRealm(code)).toThrow(expect.objectContaining({ name: 'TypeError' }));
    expect(inRealm("JSON.stringify([1, 2, 3].filter((n) => n > 1).map((n) => n * 2)) + ('polluted' in {})")).toBe('[4,6]false');
  });

  it('leaves objects their own members, also those named as inherited ones', () => {
    const own = `
      const alert = Object.assign({}, { constructor: 'c', toString: 't', hasOwnProperty: 'h', valueOf: 1 });
      class Failure extends Error { constructor(m) { super(m); this.name = 'Failure'; this.message = m; } }
      const list = []; list.map = 'mine';
      const failure = new Failure('why');
      const one = { toString: undefined }; one.toString = 'x';
      JSON.stringify([alert, failure.name, failure.message, list.map, Object.keys(alert), one.toString, typeof {}.toString])`;
    const all = { constructor: 'c', toString: 't', hasOwnProperty: 'h', valueOf: 1 };
    expect(JSON.parse(String(inRealm(own)))).toEqual([all, 'Failure', 'why', 'mine', Object.keys(all), 'x', 'function']);
  });
});
