/** Everything that watches a service: alarms, a dashboard, and saved questions to its logs. */
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { serviceAlarms } from './alarms.ts'
import { serviceDashboard, serviceQueries } from './dashboard.ts'
import type { Watched } from './watched.ts'

/** @param topic where the alarms go */
export const watchService = (scope: Construct, watched: Watched, topic: ITopic): void => {
  if (watched.functions.length === 0) return
  const alarms = serviceAlarms(scope, watched, topic)
  serviceQueries(scope, watched)
  const { serviceDashboards: chosen } = watched.stage
  if (chosen === 'all' || chosen.includes(watched.service.name)) serviceDashboard(scope, watched, alarms)
}
