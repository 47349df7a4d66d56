/** A walkthrough: what it is about, the picture of how far it is, and the start of the panel that leads through it. */
import { Button, Card, Flex } from 'antd'
import { useParams } from 'react-router'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { Page } from '../../ui/page.tsx'
import { layOut } from '../overview/layout.ts'
import { Picture } from '../overview/picture.tsx'
import { useTopology } from '../overview/topology.ts'
import { useTourText } from './texts.ts'
import { changeTour, leaveTour, startTour, useTourState, type TourName } from './tour-state.ts'
import { stepsOf } from './walkthroughs.ts'

export function Component() {
  const t = useText()
  const words = useTourText()
  const paths = usePaths()
  const { name } = useParams()
  const { topology } = useTopology()
  const state = useTourState()
  const tour: TourName = name === 'cross-account' ? 'cross-account' : 'same-account'
  const under = state?.tour === tour ? state : undefined
  const start = () => (under ? changeTour({ ...under, folded: false }) : startTour(tour))
  return (
    <Page
      title={words.names[tour]}
      above={[{ title: t.nav.tours, to: paths.tours }]}
      about={words.abouts[tour]}
    >
      <Flex gap={8} style={{ marginBottom: 16 }}>
        <Button type="primary" onClick={start}>
          {under ? words.resume : words.start}
        </Button>
        {under && <Button onClick={leaveTour}>{words.leave}</Button>}
      </Flex>
      {topology && topology.vpcs.length > 0 && (
        <Card size="small" style={{ marginBottom: 16, overflowX: 'auto' }}>
          <div tabIndex={0} role="region" aria-label={t.overview.picture}>
            <Picture drawn={layOut(topology)} />
          </div>
        </Card>
      )}
      <Card size="small">
        <ol>
          {stepsOf(tour, undefined).map(({ name: step, side }) => (
            <li key={step} style={{ padding: '3px 0' }}>
              {words.steps[step].title}
              {tour === 'cross-account' && <span className="hint"> · {words.sides[side]}</span>}
            </li>
          ))}
        </ol>
      </Card>
    </Page>
  )
}
