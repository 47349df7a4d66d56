import { z } from 'zod'
import { findRegion } from '../../model/regions.ts'
import { defineAction } from '../action.ts'
import { text } from '../params.ts'
import { products } from '../products.ts'

/** Terraform asks this for each product that its configuration names no endpoint for. */
export const describeEndpoints = defineAction({
  product: 'Location',
  name: 'DescribeEndpoints',
  summary: {
    en: 'Lists the API addresses of a product in a region.',
    zh: '查询产品在指定地域的 API 接入地址。',
  },
  status: {
    partial: 'Every product that is served here has one address: the one the request came to.',
  },
  params: z.object({ Id: text(), ServiceCode: text(), Type: text().optional() }),
  result: z.object({
    Success: z.literal(true),
    Endpoints: z.object({
      Endpoint: z.array(
        z.object({
          Endpoint: z.string(),
          Id: z.string(),
          Namespace: z.string(),
          // Spelt so in the public API.
          SerivceCode: z.string(),
          Type: z.string(),
          Protocols: z.object({ Protocols: z.array(z.string()) }),
        }),
      ),
    }),
  }),
  effect: 'read',
  authorization: 'none',
  handler: ({ apiHost, regions }, { Id, ServiceCode, Type }) => {
    const served = Object.keys(products).some((name) => name.toLowerCase() === ServiceCode.toLowerCase())
    const endpoint = {
      Endpoint: apiHost,
      Id,
      Namespace: '',
      SerivceCode: ServiceCode,
      Type: 'openAPI',
      Protocols: { Protocols: ['HTTP', 'HTTPS'] },
    }
    const listed = served && findRegion(regions, Id) && (Type === undefined || Type === 'openAPI')
    return Promise.resolve({ Success: true as const, Endpoints: { Endpoint: listed ? [endpoint] : [] } })
  },
})
