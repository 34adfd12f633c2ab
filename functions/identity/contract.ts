import { consumer, schedule, service } from '../../shared/contract/endpoint.ts'
import { metric } from '../../shared/contract/metric.ts'
import { checkStaff } from '../../shared/contract/staff-check.ts'
import {
  createStaff,
  exportPerson,
  findContact,
  findUser,
  personErased,
  userErasureRequested,
  userRegistered,
} from '../published/identity.ts'
import { personEndpoints } from './privacy/contract.ts'
import { personalDataServices } from './privacy/personal-data-services.ts'
import { authEndpoints, authMetrics } from './sessions/contract.ts'

export const endpoints = { ...authEndpoints, ...personEndpoints }

export const consumers = {
  erasePerson: consumer({
    on: [userErasureRequested],
    summary: 'Delete the sessions of a person; their account has gone with the wish',
    table: ['PutItem', 'Query', 'DeleteItem'],
  }),
  recordErased: consumer({
    on: personalDataServices.map((holder) => holder.personErased),
    summary: 'Note on the receipt of an erasure which service has finished',
    table: ['GetItem', 'PutItem'],
  }),
}

export const schedules = {
  pursueErasures: schedule({
    everyMinutes: 1,
    summary:
      'Tell the services again of erasures that they have not finished, and forget whom finished ones were about',
    table: ['Query', 'GetItem', 'PutItem'],
    timeoutSeconds: 50,
  }),
}

export const metrics = {
  erasuresOverdue: metric({
    name: 'ErasuresOverdue',
    summary: 'Erasures that take too long, each time they are looked at',
    alarm: {
      says: 'A person who asked to be erased is not, and the law leaves a month',
      runbook: 'erasures-overdue',
      minutes: 6 * 60,
      times: 1,
    },
  }),
  ...authMetrics,
}
export const procedures = { createStaff, findUser, findContact, checkStaff, exportPerson }
export const events = { userRegistered, userErasureRequested, personErased }

export const identity = service({
  name: 'identity',
  summary: 'accounts, sessions and tokens',
  personalData: {
    held: 'e-mail address, nickname at registration, password hash, roles and who gave them, sessions; whom an erasure under way is about',
    kept: 'receipts of erasures, which name nobody, for three years (proof that the wish was fulfilled)',
  },
  table: { indexes: 1, keysOnly: [1] },
  endpoints,
  procedures,
  consumers,
  schedules,
  events,
  metrics,
})
