import type { Generated } from 'kysely'

/** What is measured: all that identifies it. Texts are empty and the port 0 where a kind has none. */
export interface MetricSeriesTable {
  id: Generated<number>
  kind: 'wire' | 'resource' | 'balancer' | 'listener'
  /** Who sees it as its own: of a wire the consumer, of everything else the provider. */
  account_id: string
  /** Of a wire: who owns the service. */
  provider_id: string
  endpoint_id: string
  zone_id: string
  eni_id: string
  service_id: string
  resource_id: string
  /** The balancer's address. */
  vip: string
  protocol: string
  port: number
  /** The last hour (since 1970) that has points. */
  last_hour: number
}

/** An hour of a series. */
export interface MetricHourTable {
  /** Since 1970. */
  hour: number
  series_id: number
  /** See `model/metric-points.ts`. */
  points: string
}

/** The counters as they were last read: the single row has the id 1. */
export interface MetricSampleTable {
  id: number
  at_ms: number
  /** JSON: what was read. */
  samples: string
}

/** A rule that watches a metric. */
export interface MetricRuleTable {
  account_id: string
  id: string
  name: string
  namespace: string
  metric_name: string
  /** JSON list of dimensions. */
  resources: string
  period: number
  silence_s: number
  webhook: string
  contact_groups: string
  mail_subject: string
  effective_interval: string
  /** What a rule says when nothing was measured. */
  no_data_policy: 'KEEP_LAST_STATE' | 'INSUFFICIENT_DATA' | 'OK'
  /** JSON: level → condition. */
  escalations: string
  enabled: number
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'
  /** JSON: per resource, what was found last and when it was last told. */
  states: string
  created_at: string
}

export interface MetricTables {
  metric_series: MetricSeriesTable
  metric_hour: MetricHourTable
  metric_sample: MetricSampleTable
  metric_rule: MetricRuleTable
}
