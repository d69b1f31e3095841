// All that only drawn charts need; it is loaded when the first of them is shown.

export { drawn } from "./layout";
export { placeTip, plotOf } from "./plot";
export { summaryOf } from "./summary";
export { tableOf } from "./table";
