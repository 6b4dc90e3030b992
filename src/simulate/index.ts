/** Call-tracking leads with known truth, for tests, benches and training. */
export { type SimpleClosure, simpleClosure } from "./closure.js";
export type { SimulatedRow } from "./delivery.js";
export type { Hardness, SimulateRates } from "./rates.js";
export { SIMULATED_COLUMNS, type SimulateOptions, simulate } from "./simulate.js";
