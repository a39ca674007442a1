// The run's own time: the server's, as it was when the task began; the same on every replay. ms since 1970.
// biome-ignore lint/style/noRestrictedGlobals: within a workflow the SDK puts the run's time in place of the computer's clock
export const nowMs = (): number => Date.now();
