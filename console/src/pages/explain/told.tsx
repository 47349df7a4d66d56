/** The answer: the steps, what is at fault and what to do, and what a real packet did. */
import { Alert, Card, Flex, Typography } from 'antd'
import { Link } from 'react-router'
import { useApi } from '../../api/context.ts'
import { usePaths } from '../../paths.ts'
import { CopyButton } from '../../ui/copyable.tsx'
import { Linked } from '../../ui/linked.tsx'
import type { Explanation, Question, SeenStep } from './answer.ts'
import { faultOf } from './fault.ts'
import { useExplainText } from './texts.ts'

interface Props {
  readonly explanation: Explanation
  readonly question: Question
}

export function Told({ explanation, question }: Props) {
  const words = useExplainText()
  const { passes, steps } = explanation
  return (
    <Card
      size="small"
      title={words.steps}
      extra={
        <span className={passes ? 'state-good' : 'state-bad'} data-verdict={passes ? 'passes' : 'stops'}>
          <span aria-hidden="true">{passes ? '●' : '▲'} </span>
          {words.verdict(passes)}
        </span>
      }
    >
      <ol className="way">
        {steps.map((step, place) => (
          <Shown key={place} step={step} question={question} />
        ))}
      </ol>
      {'instance' in question && <Packet explanation={explanation} />}
      {'instance' in question && <CommandLine question={question} />}
    </Card>
  )
}

function Shown({ step, question }: { readonly step: SeenStep; readonly question: Question }) {
  const words = useExplainText()
  const paths = usePaths()
  const { verdict, reason, mend } = step
  const fault = verdict === 'stops' ? faultOf(paths, reason) : undefined
  const theirs = idsOfOthers(step, question)
  return (
    <li data-reason={reason.code} data-verdict={verdict}>
      <span className={verdict === 'passes' ? 'state-good' : 'state-bad'}>
        <span aria-hidden="true">{verdict === 'passes' ? '✓' : '✗'}</span>
        <span className="unseen">{words[verdict]}</span>
      </span>{' '}
      <Linked text={words.reason(reason)} except={theirs} />
      {verdict === 'stops' && (
        <div className="advice">
          <Typography.Text strong>{words.toDo}</Typography.Text>
          <div>{words.whatToDo(reason)}</div>
          {mend !== undefined && (
            <Flex align="start" gap={4}>
              <pre className="code mono" tabIndex={0}>
                {mend}
              </pre>
              <CopyButton text={mend} label={words.toDo} />
            </Flex>
          )}
          {fault && !theirs.includes(fault.id) && <Link to={fault.to}>{words.open(fault.id)}</Link>}
        </div>
      )}
    </li>
  )
}

/** Of a consumer the service has no page, of a provider the endpoint none. */
function idsOfOthers({ reason }: SeenStep, question: Question): readonly string[] {
  if ('connection' in question) return [question.connection]
  if ('provider' in reason && reason.provider !== undefined) return []
  return 'service' in reason ? [reason.service] : []
}

function Packet({ explanation }: { readonly explanation: Explanation }) {
  const words = useExplainText()
  const { probe, agrees } = explanation
  if (!probe) return <Alert type="info" showIcon title={words.unasked} />
  const type =
    agrees === false
      ? 'error'
      : agrees === undefined
        ? 'info'
        : probe.outcome === 'open'
          ? 'success'
          : 'warning'
  return (
    <Alert
      type={type}
      showIcon
      data-outcome={probe.outcome}
      title={probe.status ? words.answered(probe.status) : words.outcome(probe.outcome)}
      description={agrees === undefined ? undefined : agrees ? words.agrees : words.differs}
    />
  )
}

function CommandLine({ question }: { readonly question: Extract<Question, { instance: string }> }) {
  const words = useExplainText()
  const { session } = useApi()
  const { instance, target, port, protocol, request } = question
  const line = [
    `./postern explain ${instance} ${target}:${port}`,
    ...(protocol === 'udp' ? ['--udp'] : []),
    ...(request?.host === undefined ? [] : [`--host ${request.host}`]),
    ...(request === undefined ? [] : [`--path '${request.path.replaceAll("'", String.raw`'\''`)}'`]),
  ].join(' ')
  // The operator's command: of other accounts it tells more than this page.
  if (!session.operator) return undefined
  return (
    <Flex align="center" gap={4} style={{ marginTop: 12 }}>
      {words.line} <span className="mono">{line}</span>
      <CopyButton text={line} />
    </Flex>
  )
}
