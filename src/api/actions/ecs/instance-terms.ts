/**
 * What an instance may be asked for that has no effect here: nothing is billed, no address is public, there is no
 * metadata service, and nobody maintains the host by a calendar. It is checked, kept, and told again as it was asked for.
 */
import { z } from 'zod'
import { findInstanceType } from '../../../model/instance-types.ts'
import { choice, flag, integer, text } from '../../params.ts'
import { demand } from '../../require.ts'

export const metadataParams = {
  HttpEndpoint: choice(['enabled', 'disabled']).optional(),
  HttpTokens: choice(['optional', 'required']).optional(),
  HttpPutResponseHopLimit: integer(1, 64).optional(),
}

export const termParams = {
  InternetChargeType: choice(['PayByTraffic', 'PayByBandwidth'], {
    invalid: 'InvalidInternetChargeType.ValueNotSupported',
  }).optional(),
  InternetMaxBandwidthIn: integer(-1, 1000, {
    invalid: 'InvalidInternetMaxBandwidthIn.Malformed',
  }).optional(),
  SpotStrategy: choice(['NoSpot', 'SpotWithPriceLimit', 'SpotAsPriceGo'], {
    invalid: 'InvalidSpotStrategy',
  }).optional(),
  SpotPriceLimit: text({ pattern: /^\d{1,6}(\.\d{1,3})?$/, invalid: 'InvalidSpotPriceLimit' }).optional(),
  SpotDuration: integer(0, 6, { invalid: 'InvalidSpotDuration' }).optional(),
  SpotInterruptionBehavior: choice(['Terminate', 'Stop'], {
    invalid: 'InvalidSpotInterruptionBehavior',
  }).optional(),
  CreditSpecification: choice(['Standard', 'Unlimited']).optional(),
  ImageOptions: z.object({ LoginAsNonRoot: flag().optional() }).optional(),
  ...metadataParams,
}
/** What `termParams` are refused for. */
export const termErrors = [
  'InvalidInternetChargeType.ValueNotSupported',
  'InvalidInternetMaxBandwidthIn.Malformed',
  'InvalidSpotDuration',
  'InvalidSpotInterruptionBehavior',
  'InvalidSpotPriceLimit',
  'InvalidSpotStrategy',
] as const

const terms = z.object({
  InternetChargeType: z.string().default('PayByTraffic'),
  InternetMaxBandwidthIn: z.number().default(-1),
  SpotStrategy: z.string().default('NoSpot'),
  SpotPriceLimit: z.coerce.number().default(0),
  SpotDuration: z.number().default(0),
  SpotInterruptionBehavior: z.string().default('Terminate'),
  CreditSpecification: z.string().default(''),
  ImageOptions: z.object({ LoginAsNonRoot: z.boolean().default(false) }).default({ LoginAsNonRoot: false }),
  HttpEndpoint: z.string().default(''),
  HttpTokens: z.string().default(''),
  HttpPutResponseHopLimit: z.number().default(0),
  ActionOnMaintenance: z.string().default('AutoRecover'),
  MaintenanceWindow: z.array(z.object({ StartTime: z.string(), EndTime: z.string() })).default([]),
  NotifyOnMaintenance: z.boolean().default(false),
})

/** The terms among what was asked for, over those that held before, as text to keep. */
export function writeTerms(asked: Readonly<Record<string, unknown>>, before = '{}'): string {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined)
  return JSON.stringify(terms.parse({ ...parse(before), ...Object.fromEntries(given) }))
}

export function readTerms(kept: string): z.infer<typeof terms> {
  return terms.parse(parse(kept))
}

/** Only burstable types have credits to specify. */
export function checkCredits(type: string, credits: string | undefined): void {
  const burstable = /^ecs\.t\d/.test(findInstanceType(type)?.family ?? '')
  demand(credits === undefined || burstable, 'InvalidParameter.CreditSpecification', {
    reason: `the type ${type} has no credits`,
  })
}

function parse(kept: string): Record<string, unknown> {
  return JSON.parse(kept) as Record<string, unknown>
}
