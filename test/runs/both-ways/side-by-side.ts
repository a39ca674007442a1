// Several worlds play at once: a scenario waits most of its time, for people, products and what settles.

/** Each job in a world of its own for as long as it takes, in the order given; its answer by its name. */
export function playSideBySide<World, Told>(
  worlds: readonly World[],
  jobs: readonly (readonly [name: string, play: (world: World) => Promise<Told>])[],
): ReadonlyMap<string, Promise<Told>> {
  const free = [...worlds];
  const waiting: ((world: World) => void)[] = [];
  const take = async (): Promise<World> => free.pop() ?? (await new Promise<World>((resolve) => waiting.push(resolve)));
  const give = (world: World): void => {
    const next = waiting.shift();
    if (next) next(world);
    else free.push(world);
  };
  const played = jobs.map(([name, play]) => {
    const told = take().then(async (world) => {
      try {
        return await play(world);
      } finally {
        give(world);
      }
    });
    // Whoever asks for it hears of it.
    told.catch(() => undefined);
    return [name, told] as const;
  });
  return new Map(played);
}
