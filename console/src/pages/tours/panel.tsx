/** The tour beside the real pages: what is done, what comes next, and the way to the filled-in form. It stays until it is left. */
import { CloseOutlined, DownOutlined, UpOutlined } from '@ant-design/icons'
import { Button, Flex, Progress, Segmented, Skeleton } from 'antd'
import { useEffect, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { useApi } from '../../api/context.ts'
import { usePaths } from '../../paths.ts'
import { CopyButton } from '../../ui/copyable.tsx'
import { useTourText } from './texts.ts'
import { changeTour, leaveTour, useTourState, type Side, type TourState } from './tour-state.ts'
import { stepsOf, type Step } from './walkthroughs.ts'
import { useWorld, type World } from './world.ts'

export function TourPanel() {
  const state = useTourState()
  return state && <Panel state={state} />
}

function Panel({ state }: { readonly state: TourState }) {
  const words = useTourText()
  const { tour, folded } = state
  useEffect(() => {
    document.documentElement.dataset['tour'] = folded ? 'folded' : 'open'
    return () => {
      delete document.documentElement.dataset['tour']
    }
  }, [folded])
  return (
    <aside className="tour" aria-label={words.panel}>
      <Flex align="center" gap={4}>
        <strong style={{ flex: 1 }}>{words.names[tour]}</strong>
        <Button
          type="text"
          size="small"
          aria-expanded={!folded}
          aria-label={folded ? words.unfold : words.fold}
          icon={folded ? <UpOutlined /> : <DownOutlined />}
          onClick={() => changeTour({ ...state, folded: !folded })}
        />
        <Button
          type="text"
          size="small"
          aria-label={words.leave}
          title={words.leaveHint}
          icon={<CloseOutlined />}
          onClick={leaveTour}
        />
      </Flex>
      <Course state={state} />
    </aside>
  )
}

function Course({ state }: { readonly state: TourState }) {
  const words = useTourText()
  const { session } = useApi()
  const world = useWorld()
  const { tour, folded, sides } = state
  const side = sideOf(state, session.account)
  if (tour === 'cross-account' && side === undefined) {
    return <ChooseSide state={state} account={session.account} />
  }
  if (!world) return <Skeleton active title={false} />
  const consumer = sides.consumer
  const steps = stepsOf(tour, consumer).filter((step) => side === undefined || step.side === side)
  const done = steps.map((step) => step.done(world))
  const next = done.indexOf(false)
  const count = done.filter(Boolean).length
  return (
    <>
      <Progress
        percent={Math.round((100 * count) / steps.length)}
        showInfo={false}
        size="small"
        aria-label={words.progress(count, steps.length)}
      />
      <div className="hint" role="status">
        {side && `${words.sides[side]} · `}
        {words.progress(count, steps.length)}
        {folded && next >= 0 && ` · ${words.steps[steps[next]?.name ?? 'vpc1'].title}`}
      </div>
      {!folded && (
        <>
          {next < 0 && <End />}
          <Steps key={next} steps={steps} done={done} next={next} world={world} state={state} />
          {side && (
            <Button
              type="link"
              size="small"
              onClick={() => changeTour({ ...state, sides: without(sides, session.account) })}
            >
              {words.change}
            </Button>
          )}
        </>
      )}
    </>
  )
}

function sideOf({ tour, sides }: TourState, account: string): Side | undefined {
  if (tour === 'same-account') return undefined
  return (['consumer', 'provider'] as const).find((side) => sides[side] === account)
}

function without(sides: TourState['sides'], account: string): TourState['sides'] {
  return Object.fromEntries(Object.entries(sides).filter(([, of]) => of !== account))
}

function ChooseSide({ state, account }: { readonly state: TourState; readonly account: string }) {
  const words = useTourText()
  return (
    <div style={{ marginTop: 8 }}>
      <p id="tour-side">{words.chooseSide}</p>
      <Segmented<Side | ''>
        aria-labelledby="tour-side"
        value=""
        options={(['consumer', 'provider'] as const).map((value) => ({ value, label: words.sides[value] }))}
        onChange={(side) => side && changeTour({ ...state, sides: { ...state.sides, [side]: account } })}
      />
    </div>
  )
}

interface StepsProps {
  readonly steps: readonly Step[]
  readonly done: readonly boolean[]
  /** The first that is not done; -1 when all are. */
  readonly next: number
  readonly world: World
  readonly state: TourState
}

function Steps({ steps, done, next, world, state }: StepsProps) {
  const words = useTourText()
  const [shown, setShown] = useState(next)
  return (
    <ol className="tour-steps">
      {steps.map((step, place) => (
        <li key={step.name} data-step={step.name} data-done={done[place]}>
          <button
            type="button"
            className="tour-step"
            aria-expanded={place === shown}
            aria-current={place === next ? 'step' : undefined}
            onClick={() => setShown(place === shown ? -1 : place)}
          >
            <span aria-hidden="true" className={done[place] ? 'state-good' : 'state-plain'}>
              {done[place] ? '✓' : place === next ? '➤' : '○'}
            </span>
            <span>
              {words.steps[step.name].title}
              {done[place] && <span className="unseen">{words.done}</span>}
            </span>
          </button>
          {place === shown && <Detail step={step} world={world} state={state} />}
        </li>
      ))}
    </ol>
  )
}

function Detail({ step, world, state }: Pick<StepsProps, 'world' | 'state'> & { readonly step: Step }) {
  const words = useTourText()
  const paths = usePaths()
  const navigate = useNavigate()
  const go = () => {
    // On a narrow window the panel would cover what it leads to.
    if (!matchMedia('(min-width: 992px)').matches) changeTour({ ...state, folded: true })
    void navigate(step.path(paths, world))
  }
  return (
    <div className="tour-detail">
      <p>{words.steps[step.name].text}</p>
      <dl>
        {step.values(world).map(([field, value]) => (
          <div key={field}>
            <dt>{words.fields[field]}</dt>
            <dd>
              {value.includes('\n') ? (
                <pre className="code mono" tabIndex={0} aria-label={words.fields[field]}>
                  {value}
                </pre>
              ) : (
                <span className="mono">{value}</span>
              )}
              <CopyButton text={value} label={words.fields[field]} />
            </dd>
          </div>
        ))}
      </dl>
      <Button type="primary" size="small" onClick={go}>
        {step.fills ? words.goTo : words.show}
      </Button>
      <div className="hint">{words.waits}</div>
    </div>
  )
}

function End() {
  const words = useTourText()
  const paths = usePaths()
  return (
    <div role="status" className="tour-detail">
      <p className="state-good">{words.end}</p>
      <Link to={paths.overview}>{words.overview}</Link>
    </div>
  )
}
