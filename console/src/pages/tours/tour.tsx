import { Alert, Button, Card, Segmented, Skeleton, Steps } from 'antd'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { useApi } from '../../api/context.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { Page } from '../../ui/page.tsx'
import { Picture } from '../overview/picture.tsx'
import { layOut } from '../overview/layout.ts'
import { useTopology, type Topology } from '../overview/topology.ts'
import { stepsOf, type Side, type Step, type TourName } from './walkthroughs.ts'

/** A walkthrough: the steps with what to enter on which page, ticked off as the API shows them done, and the picture growing. */
export function Component() {
  const t = useText()
  const paths = usePaths()
  const { name } = useParams()
  const { session } = useApi()
  const [params, setParams] = useSearchParams()
  const { topology } = useTopology()
  const tour: TourName = name === 'cross-account' ? 'cross-account' : 'same-account'
  const wanted = params.get('side')
  const side: Side | undefined = wanted === 'consumer' || wanted === 'provider' ? wanted : undefined
  const steps = stepsOf(tour, session.account).filter((step) => side === undefined || step.side === side)
  if (!topology) return <Skeleton active />
  const current = steps.findIndex((step) => !step.done(topology))
  return (
    <Page
      title={t.tours.names[tour]}
      above={[{ title: t.nav.tours, to: paths.tours }]}
      about={t.tours.abouts[tour]}
    >
      {tour === 'cross-account' && (
        <Segmented
          aria-label={t.tours.side}
          style={{ marginBottom: 12 }}
          value={side ?? 'both'}
          onChange={(chosen) => setParams(chosen === 'both' ? {} : { side: chosen })}
          options={(['both', 'consumer', 'provider'] as const).map((value) => ({
            value,
            label: t.tours.sides[value],
          }))}
        />
      )}
      <Card size="small" style={{ marginBottom: 16, overflowX: 'auto' }}>
        <div tabIndex={0} role="region" aria-label={t.overview.picture}>
          <Picture drawn={layOut(topology)} />
        </div>
      </Card>
      <Card size="small">
        <Steps
          orientation="vertical"
          current={current < 0 ? steps.length : current}
          items={steps.map((step, index) => ({
            title: `${t.tours.steps[step.name].title}${tour === 'cross-account' ? ` (${t.tours.sides[step.side]})` : ''}`,
            status: step.done(topology) ? 'finish' : index === current ? 'process' : 'wait',
            content: index === current ? <Current step={step} topology={topology} /> : undefined,
          }))}
        />
      </Card>
    </Page>
  )
}

function Current({ step, topology }: { readonly step: Step; readonly topology: Topology }) {
  const t = useText()
  const paths = usePaths()
  const navigate = useNavigate()
  const domain = topology.endpoints[0]?.EndpointDomain ?? ''
  return (
    <div style={{ paddingBottom: 12 }}>
      <p>{t.tours.steps[step.name].text}</p>
      {step.values.map(([field, value]) => {
        const text = field === 'command' ? value + domain : value
        return (
          <div key={field} style={{ marginBottom: 4 }}>
            {t.tours.fields[field]}:{' '}
            {text.includes('\n') ? <pre className="code mono">{text}</pre> : <Copyable text={text} />}
          </div>
        )
      })}
      <Button
        type="primary"
        style={{ marginTop: 8 }}
        onClick={() => void navigate(step.path(paths, topology))}
      >
        {t.tours.goTo}
      </Button>
      {step.name === 'open' && <Alert style={{ marginTop: 12 }} type="success" title={t.tours.end} />}
    </div>
  )
}
