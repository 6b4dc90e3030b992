/** For those who write a store: the tests that every store must pass, and a store to which faults happen. Needs fast-check. */
export { createFaultyStore, type FaultType, type FaultyStore, type PlannedFault } from "./faultyStore.js";
export type { StoreCapabilities, StoreFactory, StoreFixture } from "./fixture.js";
export { type StoreTestOptions, type TestFunction, testStore } from "./testStore.js";
