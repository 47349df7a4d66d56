/** Every address of the console. A page's code is fetched when it is first opened. */
import { createBrowserRouter, Navigate } from 'react-router'
import { rememberedRegion } from './region.ts'
import { SessionGate } from './session-gate.tsx'
import { Broken } from './ui/broken.tsx'
import { Frame } from './ui/frame.tsx'

export const router = createBrowserRouter(
  [
    {
      errorElement: <Broken />,
      hydrateFallbackElement: <></>,
      children: [
        { path: '/sign-in', lazy: () => import('./pages/sign-in/sign-in.tsx') },
        { path: '/', element: <Navigate to={`/${rememberedRegion()}`} replace /> },
        {
          path: '/:region',
          element: <SessionGate />,
          children: [
            {
              element: <Frame />,
              errorElement: <Broken />,
              children: [
                { index: true, lazy: () => import('./pages/overview/overview.tsx') },
                { path: 'vpcs', lazy: () => import('./pages/vpc/vpcs.tsx') },
                { path: 'vpcs/:id', lazy: () => import('./pages/vpc/vpc.tsx') },
                { path: 'vswitches', lazy: () => import('./pages/vpc/vswitches.tsx') },
                { path: 'route-tables', lazy: () => import('./pages/vpc/route-tables.tsx') },
                { path: 'route-tables/:id', lazy: () => import('./pages/vpc/route-table.tsx') },
                { path: 'prefix-lists', lazy: () => import('./pages/vpc/prefix-lists.tsx') },
                { path: 'prefix-lists/:id', lazy: () => import('./pages/vpc/prefix-list.tsx') },
                { path: 'security-groups', lazy: () => import('./pages/security/security-groups.tsx') },
                { path: 'security-groups/:id', lazy: () => import('./pages/security/security-group.tsx') },
                { path: 'instances', lazy: () => import('./pages/instances/instances.tsx') },
                { path: 'instances/create', lazy: () => import('./pages/instances/create-instance.tsx') },
                { path: 'instances/:id', lazy: () => import('./pages/instances/instance.tsx') },
                { path: 'key-pairs', lazy: () => import('./pages/instances/key-pairs.tsx') },
                { path: 'load-balancers', lazy: () => import('./pages/balancers/load-balancers.tsx') },
                {
                  path: 'load-balancers/create',
                  lazy: () => import('./pages/balancers/create-load-balancer.tsx'),
                },
                { path: 'load-balancers/:id', lazy: () => import('./pages/balancers/load-balancer.tsx') },
                {
                  path: 'load-balancers/:id/listeners/create',
                  lazy: () => import('./pages/balancers/create-listener.tsx'),
                },
                { path: 'server-certificates', lazy: () => import('./pages/balancers/certificates.tsx') },
                {
                  path: 'network-load-balancers',
                  lazy: () => import('./pages/network-balancers/network-balancers.tsx'),
                },
                {
                  path: 'network-load-balancers/create',
                  lazy: () => import('./pages/network-balancers/create-network-balancer.tsx'),
                },
                {
                  path: 'network-load-balancers/:id',
                  lazy: () => import('./pages/network-balancers/network-balancer.tsx'),
                },
                {
                  path: 'nlb-server-groups',
                  lazy: () => import('./pages/network-balancers/server-groups.tsx'),
                },
                {
                  path: 'nlb-server-groups/:id',
                  lazy: () => import('./pages/network-balancers/server-group.tsx'),
                },
                { path: 'endpoint-services', lazy: () => import('./pages/services/services.tsx') },
                {
                  path: 'endpoint-services/create',
                  lazy: () => import('./pages/services/create-service.tsx'),
                },
                { path: 'endpoint-services/:id', lazy: () => import('./pages/services/service.tsx') },
                { path: 'endpoints', lazy: () => import('./pages/endpoints/endpoints.tsx') },
                { path: 'endpoints/create', lazy: () => import('./pages/endpoints/create-endpoint.tsx') },
                { path: 'endpoints/:id', lazy: () => import('./pages/endpoints/endpoint.tsx') },
                { path: 'account', lazy: () => import('./pages/account/account.tsx') },
                { path: 'ram-users', lazy: () => import('./pages/account/users.tsx') },
                { path: 'ram-users/:name', lazy: () => import('./pages/account/user.tsx') },
                { path: 'ram-groups', lazy: () => import('./pages/account/groups.tsx') },
                { path: 'ram-groups/:name', lazy: () => import('./pages/account/group.tsx') },
                { path: 'ram-roles', lazy: () => import('./pages/account/roles.tsx') },
                { path: 'ram-roles/:name', lazy: () => import('./pages/account/role.tsx') },
                { path: 'ram-policies', lazy: () => import('./pages/account/all-policies.tsx') },
                { path: 'ram-policies/:type/:name', lazy: () => import('./pages/account/policy.tsx') },
                { path: 'resource-groups', lazy: () => import('./pages/management/resource-groups.tsx') },
                { path: 'resource-groups/:id', lazy: () => import('./pages/management/resource-group.tsx') },
                { path: 'tags', lazy: () => import('./pages/management/tags.tsx') },
                { path: 'events', lazy: () => import('./pages/management/events.tsx') },
                { path: 'quotas', lazy: () => import('./pages/management/quotas.tsx') },
                { path: 'explain', lazy: () => import('./pages/explain/explain.tsx') },
                { path: 'proof', lazy: () => import('./pages/proof/proof.tsx') },
                { path: 'tours', lazy: () => import('./pages/tours/tours.tsx') },
                { path: 'tours/:name', lazy: () => import('./pages/tours/tour.tsx') },
                { path: '*', element: <Broken /> },
              ],
            },
          ],
        },
      ],
    },
  ],
  { basename: '/console' },
)
