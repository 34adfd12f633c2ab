/** The shop on one dashboard: how it does as a business, what its customers get, and which service to look at. */
import { Duration } from 'aws-cdk-lib'
import { Dashboard, type IMetric, Metric, SingleValueWidget } from 'aws-cdk-lib/aws-cloudwatch'
import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { inventory } from '../../../functions/inventory/contract.ts'
import { orders } from '../../../functions/orders/contract.ts'
import { payments } from '../../../functions/payments/contract.ts'
import { services } from '../../../functions/services.ts'
import { commonMetrics, type MetricDeclaration } from '../../../shared/contract/metric.ts'
import type { Stage } from '../stage.ts'
import { apiMetric, burnRate } from './api-alarms.ts'
import { graph, ownLine, rowsOf } from './dashboard.ts'

const byService = (stage: Stage, declared: MetricDeclaration): IMetric[] =>
  services.map(({ name }) => ownLine({ stage, service: name }, declared, name))

/** By the invocations of the relays, which Lambda counts anyway. */
const relaysOf = (stage: Stage): IMetric[] =>
  services
    .filter(({ events = {} }) => Object.keys(events).length > 0)
    .map(
      ({ name }) =>
        new Metric({
          namespace: 'AWS/Lambda',
          metricName: 'Invocations',
          dimensionsMap: { FunctionName: `${stage.prefix}-${name}-relay` },
          statistic: 'Sum',
          label: name,
        }),
    )

/** What business people ask for first. */
const businessOf = (stage: Stage): Metric[] => {
  const { ordersPlaced, ordersConfirmed, revenue } = orders.metrics
  return [
    ...[ordersPlaced, ordersConfirmed, revenue].map((declared) => ownLine({ stage, service: orders.name }, declared)),
    ownLine({ stage, service: payments.name }, payments.metrics.paymentsDeclined),
    ownLine({ stage, service: inventory.name }, inventory.metrics.outOfStock),
  ]
}

export const overviewDashboard = (scope: Construct, stage: Stage, apiId: string): void => {
  const business = businessOf(stage)
  const account = (metricName: string, statistic: string): IMetric =>
    new Metric({ namespace: 'AWS/Lambda', metricName, statistic })
  const api = (metricName: string, statistic: string, label?: string) => apiMetric(apiId, metricName, statistic, label)
  new Dashboard(scope, 'overview', {
    dashboardName: stage.prefix,
    defaultInterval: Duration.hours(3),
    widgets: [
      [
        new SingleValueWidget({
          title: `Business (revenue in minor units of ${stage.shop.currency})`,
          metrics: business,
          setPeriodToTimeRange: true,
          width: 24,
          height: 4,
        }),
      ],
      ...rowsOf([
        graph(
          'Orders',
          business.filter(({ metricName }) => metricName !== orders.metrics.revenue.name),
        ),
        graph('Requests', [api('Count', 'Sum', 'all'), api('4xx', 'Sum', '4xx'), api('5xx', 'Sum', '5xx')]),
        graph('Error budget: times faster used up than it lasts', [burnRate(apiId, Duration.minutes(5))]),
        graph(
          'Latency (ms)',
          ['p50', 'p90', 'p99'].map((statistic) => api('Latency', statistic, statistic)),
        ),
        graph('Requests answered with 5xx, by service', byService(stage, commonMetrics.serverErrors), true),
        graph('Went on without an answer, by service', byService(stage, commonMetrics.fallbacks), true),
        graph('Batches of events published, by service', relaysOf(stage), true),
        graph('Cold starts, by service', byService(stage, commonMetrics.coldStarts), true),
        graph('Functions of the account at once, and those not started', [
          account('ConcurrentExecutions', 'Maximum'),
          account('Throttles', 'Sum'),
        ]),
      ]),
    ],
  })
}

/** What was asked and how it was answered, as the gateway noted it. */
export const apiQueries = (scope: Construct, stage: Stage, accessLog: ILogGroup): void => {
  const save = (id: string, name: string, queryString: QueryString): void => {
    new QueryDefinition(scope, id, {
      queryDefinitionName: `${stage.prefix}/api/${name}`,
      logGroups: [accessLog],
      queryString,
    })
  }
  save(
    'failures-query',
    'requests that failed, by route',
    new QueryString({
      filterStatements: ['status >= 500'],
      statsStatements: ['count(*) as failed, latest(requestId) as lastRequest by route, status'],
      sort: 'failed desc',
    }),
  )
  save(
    'slowest-query',
    'slowest routes',
    new QueryString({
      statsStatements: ['count(*) as requests, pct(latencyMs, 50) as p50, pct(latencyMs, 99) as p99 by route'],
      sort: 'p99 desc',
    }),
  )
}
