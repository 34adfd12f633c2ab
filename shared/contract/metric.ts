/** What functions count, said once: for the code that counts it, the dashboards that show it, and the alarms that watch it. */

/** Raises an alarm whenever the metric is above zero: what is counted so is nothing that should be. */
export type AlarmDeclaration = {
  /** What has happened, for the one whom it calls. */
  says: string
  /** Section of cdk/operate/RUNBOOK.md. */
  runbook: string
  /** Minutes that are looked at together. */
  minutes: number
  /** So many such spans in a row. */
  times: number
  /** It is counted in every span, if only as zero; so silence means that nobody counts, and that alarms, too. */
  silence?: 'alarms'
}

/** CloudWatch takes 0.30 USD for each in a month in which it is counted, and for each service that counts it. */
export type MetricDeclaration = {
  /** As CloudWatch shows it, in a namespace called as the stage's prefix, with the dimension `service`. */
  name: string
  /** The heading of its graph. */
  summary: string
  /** How counts within a span come together: added up, unless each is a level. */
  statistic?: 'Sum' | 'Maximum'
  /** It counts money in minor units, and has the dimension `currency`, too. */
  unit?: 'money'
  alarm?: AlarmDeclaration
}

export const metric = <const M extends MetricDeclaration>(declaration: M): M => declaration

/** What the functions of every service count, whatever they do. */
export const commonMetrics = {
  serverErrors: metric({ name: 'ServerErrors', summary: 'Requests answered with 5xx' }),
  failedMessages: metric({ name: 'FailedMessages', summary: 'Messages given back, to come again' }),
  coldStarts: metric({ name: 'ColdStart', summary: 'Cold starts' }),
  fallbacks: metric({ name: 'Fallbacks', summary: 'Went on without an answer of another service' }),
}
