// A workflow of Teams: 202 to every card, no word about what became of it, and no doubles removed.
import type { Json } from '../../connectors/connector.ts';
import { badRequest, type Call, type Outcome, type Product } from '../product.ts';

export const teams: Product = {
  name: 'teams',
  seed: () => new Map(),
  routes: [{ method: 'POST', path: '/workflows/:id/triggers/manual/paths/invoke', word: 'card', handle: card }],
};

function card({ body, things, params }: Call): Outcome {
  const { type, attachments } = body;
  if (type !== 'message' || !Array.isArray(attachments) || attachments.length !== 1) return badRequest('TriggerInputSchemaMismatch');
  const target = `${params.id ?? ''}:${things.size + 1}`;
  // Parsed from JSON by the range.
  return { status: 202, target, effect: { word: 'card', after: attachments[0] as Json } };
}
