/** Slb 2014-05-15: what a load balancer is charged for, its specification, and its protection in the console. */
import { z } from 'zod'
import { loadBalancerSpecs } from '../../../model/load-balancer-specs.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { isServiceResource, updateLoadBalancer } from '../../../store/load-balancers.ts'
import { defineAction, type Action } from '../../action.ts'
import { choice, integer, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { liveLoadBalancer } from './own-load-balancer.ts'

/** Nothing is ordered, so there is no order to name. */
const ordered = z.object({ OrderId: z.number() })
const noOrder = { OrderId: 0 }

const setLoadBalancerModificationProtection = defineAction({
  product: 'Slb',
  name: 'SetLoadBalancerModificationProtection',
  summary: { en: 'Guards a load balancer against changes in the console.', zh: '设置实例修改保护状态。' },
  status: 'full',
  params: z.object({
    LoadBalancerId: text(),
    ModificationProtectionStatus: choice(['NonProtection', 'ConsoleProtection']),
    ModificationProtectionReason: text({ max: 80 }).optional(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: ['InvalidLoadBalancerId.NotFound'],
  handler: async (context, params) => {
    const { id, modification_protection_reason: before } = await liveLoadBalancer(
      context,
      params.LoadBalancerId,
    )
    const status = params.ModificationProtectionStatus
    await updateLoadBalancer(context.tx, id, {
      modification_protection: status,
      modification_protection_reason:
        status === 'NonProtection' ? '' : (params.ModificationProtectionReason ?? before),
    })
    return {}
  },
})

const modifyLoadBalancerInstanceSpec = defineAction({
  product: 'Slb',
  name: 'ModifyLoadBalancerInstanceSpec',
  summary: {
    en: 'Changes the specification: its limits apply from the next connection on.',
    zh: '修改负载均衡实例的规格。',
  },
  status: 'full',
  params: z.object({ LoadBalancerId: text(), LoadBalancerSpec: text() }),
  result: ordered,
  effect: 'write',
  answer: 'when-in-kernel',
  errors: ['IllegalParam.SpecType', 'InvalidChargeType', 'InvalidLoadBalancerId.NotFound'],
  handler: async (context, { LoadBalancerId, LoadBalancerSpec: spec }) => {
    demand(spec in loadBalancerSpecs, 'IllegalParam.SpecType', { name: 'LoadBalancerSpec', reason: spec })
    const generation = await nextGeneration(context.tx)
    const balancer = await liveLoadBalancer(context, LoadBalancerId)
    demand(balancer.instance_charge_type === 'PayBySpec', 'InvalidChargeType')
    await updateLoadBalancer(context.tx, balancer.id, { spec, generation })
    return noOrder
  },
})

const modifyLoadBalancerInstanceChargeType = defineAction({
  product: 'Slb',
  name: 'ModifyLoadBalancerInstanceChargeType',
  summary: { en: 'Lets a load balancer pay by usage: it has no limits then.', zh: '修改实例的计费方式。' },
  status: { partial: 'From `PayBySpec` to `PayByCLCU` and not back, as in the cloud. Nothing is billed.' },
  params: z.object({
    LoadBalancerId: text(),
    InstanceChargeType: choice(['PayBySpec', 'PayByCLCU']),
    LoadBalancerSpec: text().optional(),
    InternetChargeType: choice(['paybytraffic', 'paybybandwidth']).optional(),
    Bandwidth: integer(-1, 5120).optional(),
  }),
  result: ordered,
  effect: 'write',
  answer: 'when-in-kernel',
  errors: ['InvalidLoadBalancerId.NotFound', 'InvalidParameter.InstanceChargeType'],
  handler: async (context, { LoadBalancerId, InstanceChargeType }) => {
    const generation = await nextGeneration(context.tx)
    const balancer = await liveLoadBalancer(context, LoadBalancerId)
    if (InstanceChargeType === balancer.instance_charge_type) return noOrder
    demand(InstanceChargeType === 'PayByCLCU', 'InvalidParameter.InstanceChargeType', {
      name: 'InstanceChargeType',
      reason: 'a load balancer that pays by usage stays so',
    })
    await updateLoadBalancer(context.tx, balancer.id, {
      instance_charge_type: 'PayByCLCU',
      spec: '',
      generation,
    })
    return noOrder
  },
})

const modifyLoadBalancerInternetSpec = defineAction({
  product: 'Slb',
  name: 'ModifyLoadBalancerInternetSpec',
  summary: { en: 'Changes how traffic is charged, and the bandwidth.', zh: '修改公网计费方式和带宽。' },
  status: { partial: 'Both are kept and shown; the bandwidth is not enforced and nothing is billed.' },
  params: z.object({
    LoadBalancerId: text(),
    InternetChargeType: choice(['paybytraffic', 'paybybandwidth']).optional(),
    Bandwidth: integer(-1, 5120).optional(),
  }),
  result: ordered,
  effect: 'write',
  errors: ['InvalidLoadBalancerId.NotFound'],
  handler: async (context, { LoadBalancerId, InternetChargeType, Bandwidth }) => {
    const balancer = await liveLoadBalancer(context, LoadBalancerId)
    await updateLoadBalancer(context.tx, balancer.id, {
      internet_charge_type: InternetChargeType ?? balancer.internet_charge_type,
      bandwidth: Bandwidth ?? balancer.bandwidth,
    })
    return noOrder
  },
})

/** PrivateLink takes pay-as-you-go load balancers only, so one that is a service resource stays what it is. */
const modifyLoadBalancerPayType = defineAction({
  product: 'Slb',
  name: 'ModifyLoadBalancerPayType',
  summary: { en: 'Changes between pay-as-you-go and subscription.', zh: '修改实例的付费类型。' },
  status: {
    partial:
      'Kept and shown; nothing is billed and nothing expires. One that is a service resource stays pay-as-you-go (`DependencyViolation.EndpointService`).',
  },
  params: z.object({ LoadBalancerId: text(), PayType: choice(['PayOnDemand', 'PrePay']) }),
  result: ordered,
  effect: 'write',
  errors: ['DependencyViolation.EndpointService', 'InvalidLoadBalancerId.NotFound'],
  handler: async (context, { LoadBalancerId, PayType }) => {
    const { tx } = context
    await nextGeneration(tx)
    const { id } = await liveLoadBalancer(context, LoadBalancerId)
    const kept = PayType === 'PrePay' && (await isServiceResource(tx, id))
    demand(!kept, 'DependencyViolation.EndpointService')
    await updateLoadBalancer(tx, id, { pay_type: PayType })
    return noOrder
  },
})

export const modifyLoadBalancerActions: readonly Action[] = [
  setLoadBalancerModificationProtection,
  modifyLoadBalancerInstanceSpec,
  modifyLoadBalancerInstanceChargeType,
  modifyLoadBalancerInternetSpec,
  modifyLoadBalancerPayType,
]
