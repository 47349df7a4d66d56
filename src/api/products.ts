import type { Product, ProductName } from './action.ts'
import type { ParamErrorStyle } from './params.ts'

const plain: ParamErrorStyle = { missing: () => 'MissingParameter', invalid: () => 'InvalidParameter' }

/** What the server serves. The spelling of generic errors differs per product in the public API. */
export const products: Readonly<Record<ProductName, Product>> = {
  Actiontrail: {
    name: 'Actiontrail',
    version: '2020-07-06',
    paramErrors: plain,
    unknownRegion: 'InvalidParameter',
  },
  Cms: {
    name: 'Cms',
    version: '2019-01-01',
    paramErrors: { missing: () => 'MissingParameter', invalid: () => 'ParameterInvalid' },
    unknownRegion: 'ParameterInvalid',
  },
  Privatelink: {
    name: 'Privatelink',
    version: '2020-04-15',
    paramErrors: {
      missing: (name) => `MissingParam.${name}`,
      invalid: (name) => `IllegalParamFormat.${name}`,
    },
    unknownRegion: 'InvalidParameter',
  },
  Vpc: {
    name: 'Vpc',
    version: '2016-04-28',
    paramErrors: plain,
    unknownRegion: 'InvalidRegionId.NotFound',
    denied: 'Forbidden',
  },
  Ecs: {
    name: 'Ecs',
    version: '2014-05-26',
    paramErrors: { missing: () => 'MissingParameter', invalid: (name) => `InvalidParameter.${name}` },
    unknownRegion: 'InvalidRegionId.NotFound',
    denied: 'Forbidden.RAM',
  },
  Slb: {
    name: 'Slb',
    version: '2014-05-15',
    paramErrors: {
      missing: (name) => `MissingParam.${name}`,
      invalid: (name) => `InvalidParameter.${name}`,
    },
    unknownRegion: 'InvalidParameter',
    denied: 'Forbidden.RAM',
  },
  Nlb: {
    name: 'Nlb',
    version: '2022-04-30',
    paramErrors: {
      missing: (name) => `MissingParam.${name}`,
      invalid: (name) => `IllegalParam.${name}`,
    },
    unknownRegion: 'IllegalParam.RegionId',
  },
  ResourceManager: {
    name: 'ResourceManager',
    version: '2020-03-31',
    paramErrors: {
      missing: (name) => `MissingParameter.${name}`,
      invalid: (name) => `InvalidParameter.${name}`,
    },
  },
  Ram: {
    name: 'Ram',
    version: '2015-05-01',
    paramErrors: {
      missing: (name) => `MissingParameter.${name}`,
      invalid: (name) => `InvalidParameter.${name}`,
    },
  },
  Sts: {
    name: 'Sts',
    version: '2015-04-01',
    paramErrors: { missing: () => 'MissingParameter', invalid: (name) => `InvalidParameter.${name}` },
  },
  Location: {
    name: 'Location',
    version: '2015-06-12',
    paramErrors: plain,
  },
  Tag: {
    name: 'Tag',
    version: '2018-08-28',
    paramErrors: {
      missing: (name) => `MissingParameter.${name}`,
      invalid: (name) => `InvalidParameter.${name}`,
    },
    unknownRegion: 'InvalidRegionId.NotFound',
  },
  BssOpenApi: {
    name: 'BssOpenApi',
    version: '2017-12-14',
    paramErrors: plain,
  },
}
