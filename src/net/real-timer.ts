/**
 * Does something after so many real milliseconds: what goes over a socket must not run faster or stand still with a steered clock
 * (design D12). The process stays alive for it. The function returned calls it off.
 */
export function afterRealMs(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
}
