// Colours of data: each is told apart from the others by those who see few colours too.

export const COLORS = {
  open: "#1b7837",
  close: "#b3261e",
  move: "#7b3294",
  share: "#7b3294",
  gain: "#2166ac",
  loss: "#d95f0e",
} as const;
