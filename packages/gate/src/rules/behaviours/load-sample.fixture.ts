import type { BehaviourSample } from "./behaviour.fixture.ts";

/** @param id - of the behaviour */
export async function loadSample(id: string): Promise<BehaviourSample> {
  const module: { readonly sample: BehaviourSample } = await import(`./${id}/sample.fixture.ts`);
  return module.sample;
}
