/**
 * Which services a run has. Those that move stock and money take part in every run; what people say of products does neither,
 * nor does whom they follow, nor who leaves for good: these are in some runs only, the bulk of them stays as short as it was.
 */
import { chanceOf } from './decide.ts'

const shareOfRuns: Readonly<Record<string, number>> = { reviews: 0.15, relations: 0.1, identity: 0.1 }

/** Decided by the seed and the name of the service alone. */
export const takesPart = (seed: number, service: string): boolean => {
  const share = shareOfRuns[service]
  return share === undefined || chanceOf(seed, `${service} take part`) < share
}

/** Whether a service that others ask gives no answers for a while (faults/service-outage.ts). Decided by the seed alone. */
export const hasServiceOutage = (seed: number): boolean => chanceOf(seed, 'a service is silent') < 0.1

/** Whether search is kept up to date: it moves neither stock nor money, so in some runs only. Decided by the seed alone. */
export const hasSearch = (seed: number): boolean => chanceOf(seed, 'search takes part') < 0.3

/** Whether something stands still (faults/consumer-outage.ts). Decided by the seed alone. */
export const hasConsumerOutage = (seed: number): boolean => chanceOf(seed, 'something stands still') < 0.06
