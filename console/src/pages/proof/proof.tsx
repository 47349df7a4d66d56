/** The proof of isolation of one account: what is tried, how far it is, and what came of it. */
import { Alert, Button, Card, Col, Empty, Flex, Form, Input, Progress, Row, Select } from 'antd'
import { useInstances } from '../../api/lists.ts'
import { CallError } from '../../api/send.ts'
import { useText } from '../../i18n/language.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { Page } from '../../ui/page.tsx'
import { Proved } from './proved.tsx'
import { useProof, type Proving, type Wanted } from './run-proof.ts'
import { useProofText } from './texts.ts'

interface Values {
  readonly ports?: string
  readonly clients?: readonly string[]
}

const ports = /^\s*\d{1,5}(\s*[,，]\s*\d{1,5}){0,99}\s*$/

export function Component() {
  const t = useText()
  const words = useProofText()
  const instances = useInstances()
  const { proving, start, stop } = useProof()
  const running = proving.phase === 'running'
  return (
    <Page title={t.nav.proof} about={words.about}>
      <Card size="small" style={{ marginBottom: 16 }}>
        <Form<Values> layout="vertical" onFinish={(values) => start(wantedOf(values))}>
          <Row gutter={16}>
            <Col xs={24} lg={12}>
              <Form.Item name="clients" label={words.clients} extra={words.clientsHint}>
                <Select
                  mode="multiple"
                  showSearch={{ optionFilterProp: 'label' }}
                  options={(instances.data ?? [])
                    .filter(({ Status }) => Status === 'Running')
                    .map(({ InstanceId, InstanceName }) => ({
                      value: InstanceId,
                      label: [InstanceName, InstanceId].filter(Boolean).join(' · '),
                    }))}
                />
              </Form.Item>
            </Col>
            <Col xs={24} lg={12}>
              <Form.Item
                name="ports"
                label={words.ports}
                extra={words.portsHint}
                rules={[
                  {
                    validator: (_, text: string | undefined) =>
                      arePorts(text) ? Promise.resolve() : Promise.reject(new Error(words.portsRule)),
                  },
                ]}
              >
                <Input autoComplete="off" placeholder="22, 80, 443" />
              </Form.Item>
            </Col>
          </Row>
          <Flex gap={8}>
            <Button type="primary" htmlType="submit" loading={running}>
              {proving.result ? words.again : words.start}
            </Button>
            {running && <Button onClick={stop}>{words.stop}</Button>}
          </Flex>
        </Form>
      </Card>
      <Course proving={proving} />
      {proving.result && proving.plan && <Proved plan={proving.plan} result={proving.result} />}
    </Page>
  )
}

function arePorts(text: string | undefined): boolean {
  if (text === undefined || text.trim() === '') return true
  return ports.test(text) && portsIn(text).every((port) => port >= 1 && port <= 65_535)
}

function portsIn(text: string): readonly number[] {
  return text.split(/[,，]/).map(Number)
}

function wantedOf({ ports: text, clients }: Values): Wanted {
  return {
    ...(text?.trim() ? { ports: portsIn(text) } : {}),
    ...(clients?.length ? { clients } : {}),
  }
}

function Course({ proving }: { readonly proving: Proving }) {
  const words = useProofText()
  const { phase, plan, done, failure, error, result } = proving
  if (phase === 'idle') return <Empty description={words.empty} />
  if (error instanceof CallError && error.status === 429) {
    return <Alert type="warning" showIcon title={words.busy} />
  }
  if (error) return <ErrorNote error={error} />
  if (failure !== undefined) return <Alert type="error" showIcon title={words.failed(failure)} />
  if (plan && plan.probes > plan.limit) {
    return <Alert type="warning" showIcon title={words.tooMany(plan.probes, plan.limit)} />
  }
  if (plan?.probes === 0) return <Empty description={words.nothing} />
  return (
    <Card size="small" style={{ marginBottom: 16 }}>
      {plan && (
        <p style={{ marginTop: 0 }}>
          {words.plan(plan.clients.length, plan.addresses.length, plan.ports, plan.probes)}
        </p>
      )}
      <Progress
        aria-label={words.progress(done, plan?.probes ?? 0)}
        percent={plan ? Math.floor((100 * done) / plan.probes) : 0}
        status={phase === 'running' ? 'active' : result ? 'success' : 'normal'}
      />
      <span role="status">
        {phase === 'stopped' ? words.stopped : words.progress(done, plan?.probes ?? 0)}
      </span>
    </Card>
  )
}
