import { describe, expect, it } from '@jest/globals';
import { readTemplateText, renderTemplate } from '../../language/template.ts';

const roots = { a: { n: 1, list: [1, 'x'], none: null, text: 'plain', evil: '${{ a.secret }}', secret: 'made-up-secret' } };
const render = (text: string): unknown => {
  const read = readTemplateText(text);
  if (!read.ok) return read.fault;
  const rendered = renderTemplate(read.template, roots);
  return rendered.ok ? rendered.value : rendered.error.code;
};

describe('templates', () => {
  it.each([
    ['no template', 'no template'],
    ['${{ a.n }}', 1],
    ['  ${{ a.n }}', '  1'],
    ['${{ a.list }}', [1, 'x']],
    ['${{ a.none }}', null],
    ['n=${{ a.n }}, list=${{ a.list }}', 'n=1, list=[1,"x"]'],
    ["${{ '}}' + a.text }}", '}}plain'],
    ["${{ 'it\\'s }}' }}", "it's }}"],
    ["${{ r'\\' + '}}' }}", '\\}}'],
    ['${{ """a " }} b""" }}', 'a " }} b'],
    ["${{ {'a': {'b': a.n}} }}", { a: { b: 1 } }],
    ["${{ '${{' }}", '${{'],
    ['$${{ a.n }}', '$1'],
    ['${{ a.missing }}', 'EXPRESSION_MISSING'],
    ['x ${{ a.missing }}', 'EXPRESSION_MISSING'],
  ])('%s renders to %j', (text, expected) => {
    expect(render(text)).toEqual(expected);
  });

  it.each([
    ['a ${{ b', { message: 'begins ${{ and has no }} that ends it', offset: 2 }],
    ["a ${{ 'b }}", { message: 'begins ${{ and has no }} that ends it', offset: 2 }],
    ['ab ${{ }}', { message: 'has ${{ }} with nothing in it', offset: 3 }],
  ])('%s is told where it begins', (text, fault) => {
    expect(render(text)).toEqual(fault);
  });

  it('never reads what it rendered as a template again', () => {
    expect(render('${{ a.evil }}')).toBe('${{ a.secret }}');
    expect(render('<${{ a.evil }}>')).toBe('<${{ a.secret }}>');
  });

  it('renders lists and maps through, and stops at the first error', () => {
    const template = {
      map: { a: { list: [{ cel: 'a.n' }, { lit: 'x' }] }, __proto__: { lit: 1 }, b: { text: ['n', { cel: 'a.n' }] } },
    } as const;
    expect(renderTemplate(template, roots)).toEqual({ ok: true, value: { a: [1, 'x'], b: 'n1' } });
    expect(renderTemplate({ list: [{ cel: 'a.gone' }] }, roots)).toMatchObject({ ok: false, error: { code: 'EXPRESSION_MISSING' } });
  });

  it('builds no text above its bound', () => {
    const big = { a: { text: 'x'.repeat(900_000) } };
    expect(renderTemplate({ text: [{ cel: 'a.text' }, { cel: 'a.text' }] }, big)).toMatchObject({
      ok: false,
      error: { code: 'EXPRESSION_SIZE' },
    });
  });
});
