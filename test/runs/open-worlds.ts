// The worlds that are open in this test file, as the hook after each test sees them (after-each.ts): of it nothing of a world is loaded where none is used.
type Look = () => Promise<void>;

const looks = new Set<Look>();

/** `look` throws where an invariant does not hold. The answer closes the watch. */
export function watchWorld(look: Look): () => void {
  looks.add(look);
  return () => void looks.delete(look);
}

export const openWorlds = (): readonly Look[] => [...looks];
