/** Header, navigation and the page. */
import { MenuOutlined } from '@ant-design/icons'
import { Button, Grid, Layout, Menu } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Link, Outlet, useLocation } from 'react-router'
import { useApi } from '../api/context.ts'
import { useText } from '../i18n/language.tsx'
import { usePaths } from '../paths.ts'
import { useTourState } from '../pages/tours/tour-state.ts'
import { rememberRegion } from '../region.ts'
import { AccountMenu } from './account-menu.tsx'
import { LanguageSwitch, LookSwitch } from './preferences.tsx'
import { RegionSwitch } from './region-switch.tsx'
import { Search } from './search.tsx'

const NarrowNavigation = lazy(async () => ({
  default: (await import('./narrow-navigation.tsx')).NarrowNavigation,
}))

const TourPanel = lazy(async () => ({ default: (await import('../pages/tours/panel.tsx')).TourPanel }))

export function Frame() {
  const t = useText()
  const paths = usePaths()
  const { region } = useApi()
  const { pathname, search } = useLocation()
  const wide = Grid.useBreakpoint().lg ?? true
  const [menuOpen, setMenuOpen] = useState(false)
  useEffect(() => rememberRegion(region), [region])
  const touring = useTourState() !== undefined
  const navigation = <Navigation onChoose={() => setMenuOpen(false)} />
  return (
    <Layout style={{ minHeight: '100vh' }}>
      <a className="skip-link" href="#content">
        {t.frame.skip}
      </a>
      <header className="header-bar" style={{ background: 'var(--bar)' }}>
        {!wide && (
          <Button icon={<MenuOutlined />} aria-label={t.frame.navigation} onClick={() => setMenuOpen(true)} />
        )}
        <Link to={paths.overview} className="brand">
          Postern
        </Link>
        <RegionSwitch />
        <Search />
        <span className="spring" />
        <Link to={paths.tours}>{t.nav.tours}</Link>
        <LanguageSwitch />
        <LookSwitch />
        <AccountMenu />
      </header>
      <Layout>
        {wide ? (
          <Layout.Sider width={216} theme="light" style={{ borderInlineEnd: '1px solid var(--line)' }}>
            {navigation}
          </Layout.Sider>
        ) : (
          menuOpen && (
            <Suspense>
              <NarrowNavigation open onClose={() => setMenuOpen(false)}>
                {navigation}
              </NarrowNavigation>
            </Suspense>
          )
        )}
        <Layout.Content id="content" role="main" tabIndex={-1}>
          <div data-path={pathname + search}>
            <Suspense>
              <Outlet />
            </Suspense>
          </div>
        </Layout.Content>
        {touring && (
          <Suspense>
            <TourPanel />
          </Suspense>
        )}
      </Layout>
    </Layout>
  )
}

function Navigation({ onChoose }: { readonly onChoose: () => void }) {
  const t = useText()
  const paths = usePaths()
  const { pathname } = useLocation()
  const groups = [
    {
      label: t.nav.privatelink,
      pages: [
        ['endpoints', paths.endpoints],
        ['services', paths.services],
      ],
    },
    {
      label: t.nav.network,
      pages: [
        ['vpcs', paths.vpcs],
        ['vswitches', paths.vswitches],
        ['routeTables', paths.routeTables],
        ['prefixLists', paths.prefixLists],
        ['securityGroups', paths.securityGroups],
      ],
    },
    {
      label: t.nav.compute,
      pages: [
        ['instances', paths.instances],
        ['keyPairs', paths.keyPairs],
        ['loadBalancers', paths.loadBalancers],
        ['networkBalancers', paths.networkBalancers],
        ['nlbServerGroups', paths.nlbServerGroups],
        ['certificates', paths.certificates],
      ],
    },
    {
      label: t.nav.diagnosis,
      pages: [
        ['explain', paths.explain],
        ['proof', paths.proof],
      ],
    },
    {
      label: t.nav.management,
      pages: [
        ['account', paths.account],
        ['users', paths.users],
        ['ramGroups', paths.ramGroups],
        ['roles', paths.roles],
        ['policies', paths.policies],
        ['resourceGroups', paths.resourceGroups],
        ['tags', paths.tags],
        ['events', paths.events],
        ['quotas', paths.quotas],
      ],
    },
  ] as const
  const link = (to: string, text: string) => ({
    key: to,
    label: (
      <Link to={to} onClick={onChoose}>
        {text}
      </Link>
    ),
  })
  const all = groups.flatMap(({ pages }) => pages.map(([, to]) => to))
  const here = all.find((to) => pathname === to || pathname.startsWith(`${to}/`))
  return (
    <nav aria-label={t.frame.navigation}>
      <Menu
        selectedKeys={here === undefined ? (pathname === paths.overview ? [paths.overview] : []) : [here]}
        mode="inline"
        style={{ borderInlineEnd: 0 }}
        items={[
          link(paths.overview, t.nav.overview),
          ...groups.map(({ label, pages }) => ({
            type: 'group' as const,
            label,
            children: pages.map(([name, to]) => link(to, t.nav[name])),
          })),
        ]}
      />
    </nav>
  )
}
