import { describe, expect, it } from '@jest/globals';
import { onDuty } from '../../policy/addressed.ts';
import { directoryOf, productRotasOf } from '../../worker/directory.ts';

const NOW = new Date('2026-03-04T05:06:07.000Z');
const weekly = { people: ['ann', 'ben'], every: '7d', from: '2026-01-05T08:00:00Z' };

describe('the directory of cordon.yaml', () => {
  it('has the groups as they are written, and nobody where nothing is', () => {
    expect(directoryOf({ groups: { soc: ['ann', 'ben'] } }, NOW)).toEqual({ groups: { soc: ['ann', 'ben'] }, oncall: {} });
    expect(directoryOf({}, NOW)).toEqual({ groups: {}, oncall: {} });
  });

  it('hands a rota over at its hour, and nobody else is on call', () => {
    const { oncall } = directoryOf({ oncall: { lead: weekly, all: ['ann', 'ben'] } }, NOW);
    const at = (rota: string, instant: string) => onDuty(oncall[rota] ?? { people: [] }, Date.parse(instant));
    expect(at('lead', '2026-01-05T08:00:00Z')).toEqual(['ann']);
    expect(at('lead', '2026-01-12T07:59:59Z')).toEqual(['ann']);
    expect(at('lead', '2026-01-12T08:00:00Z')).toEqual(['ben']);
    expect(at('lead', '2026-01-19T08:00:00Z')).toEqual(['ann']);
    expect(at('all', '2026-01-12T08:00:00Z')).toEqual(['ann', 'ben']);
  });

  it('keeps the rotas of a product apart: it says itself who is on call', () => {
    const people = { oncall: { lead: weekly, paged: { connector: 'pagerduty', schedule: 'PMADEUP' } } };
    expect(Object.keys(directoryOf(people, NOW).oncall)).toEqual(['lead']);
    expect(productRotasOf(people)).toEqual([{ name: 'paged', connector: 'pagerduty', schedule: 'PMADEUP' }]);
  });
});
