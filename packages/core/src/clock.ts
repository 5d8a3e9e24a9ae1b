/** Time as a port, so that a decision can be replayed and a test can stand still. @module */

export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
