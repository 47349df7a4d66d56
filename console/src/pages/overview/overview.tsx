import { Button, Card, Col, Empty, Flex, Row, Skeleton, Statistic } from 'antd'
import { Link, useNavigate } from 'react-router'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { Page } from '../../ui/page.tsx'
import { State } from '../../ui/state.tsx'
import { Activation } from '../endpoints/activation.tsx'
import { layOut } from './layout.ts'
import { Picture } from './picture.tsx'
import { useTopology, type Topology } from './topology.ts'

export function Component() {
  const t = useText()
  const { topology, error, retry } = useTopology()
  return (
    <Page title={t.nav.overview} about={t.overview.about}>
      <Activation />
      {error && <ErrorNote error={error} onRetry={retry} />}
      {topology ? <Shown topology={topology} /> : !error && <Skeleton active paragraph={{ rows: 10 }} />}
    </Page>
  )
}

function Shown({ topology }: { readonly topology: Topology }) {
  const t = useText()
  const paths = usePaths()
  const navigate = useNavigate()
  const counts = [
    ['vpcs', topology.vpcs.length, paths.vpcs],
    ['instances', topology.instances.length, paths.instances],
    ['loadBalancers', topology.balancers.length, paths.loadBalancers],
    ['networkBalancers', topology.networkBalancers.length, paths.networkBalancers],
    ['services', topology.services.length, paths.services],
    ['endpoints', topology.endpoints.length, paths.endpoints],
  ] as const
  return (
    <>
      <Row gutter={[12, 12]} style={{ marginBottom: 16 }}>
        {counts.map(([name, count, to]) => (
          <Col key={name} flex="1 1 140px">
            <Link to={to}>
              <Card size="small" hoverable>
                <Statistic title={t.nav[name]} value={count} />
              </Card>
            </Link>
          </Col>
        ))}
      </Row>
      <Card size="small" title={t.overview.picture} extra={<Legend />}>
        {topology.vpcs.length === 0 && topology.endpoints.length === 0 ? (
          <Empty description={t.overview.empty}>
            <Button type="primary" onClick={() => void navigate(paths.tours)}>
              {t.overview.startTour}
            </Button>
          </Empty>
        ) : (
          <div style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={t.overview.picture}>
            <Picture drawn={layOut(topology)} />
          </div>
        )}
      </Card>
    </>
  )
}

function Legend() {
  const t = useText()
  return (
    <Flex gap={12} wrap align="center">
      {['Connected', 'Pending', 'Disconnected', 'Abnormal'].map((state) => (
        <State key={state} value={state} />
      ))}
      <span className="hint">■ {t.common.eni}</span>
    </Flex>
  )
}
