// A scale from 0 to 1 in colours of even steps: matplotlib's viridis at eleven points, straight lines between. Pure.
const VIRIDIS = [
  [68, 1, 84], [72, 36, 117], [65, 68, 135], [53, 95, 141], [42, 120, 142], [33, 145, 140],
  [34, 168, 132], [68, 191, 112], [122, 209, 81], [189, 223, 38], [253, 231, 37],
];

export function viridis(share) {
  const at = Math.max(0, Math.min(1, share)) * (VIRIDIS.length - 1);
  const below = Math.min(VIRIDIS.length - 2, Math.floor(at));
  return VIRIDIS[below].map((c, i) => Math.round(c + (at - below) * (VIRIDIS[below + 1][i] - c)));
}

export const viridisText = (share) => (share > 0.6 ? "#000" : "#fff"); // what can be read on it
