/** The listener wizard: protocol & listener → backend servers → health check → review and submit. */
import { App, Button, Card, Flex, Form, Skeleton, Steps } from 'antd'
import { useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { useOne } from '../../api/lists.ts'
import { useChange } from '../../api/queries.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { CallText } from '../../ui/call-text.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { Page } from '../../ui/page.tsx'
import { useSuggestion } from '../../ui/suggestion.ts'
import { isRedirect } from './http-values.ts'
import { CheckStep, ProtocolStep } from './listener-steps.tsx'
import {
  listenerDefaults,
  listenerPlan,
  madeGroupId,
  type ListenerValues,
  type MadeGroup,
} from './listener-values.ts'
import { ReviewStep } from './review-step.tsx'
import { ServersStep } from './servers-step.tsx'

export function Component() {
  const t = useText()
  const paths = usePaths()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const { id = '' } = useParams()
  const balancer = useOne('Slb', 'DescribeLoadBalancerAttribute', { LoadBalancerId: id }).data
  const [form] = Form.useForm<ListenerValues>()
  const [step, setStep] = useState(0)
  const [values, setValues] = useState<ListenerValues>({ ...listenerDefaults, ...useSuggestion() })
  const makeGroup = useChange<MadeGroup>()
  const change = useChange()
  if (!balancer) return <Skeleton active />
  const already = balancer.BackendServers.BackendServer.map(({ ServerId }) => ServerId)
  const error = makeGroup.error ?? change.error
  const plan = listenerPlan(id, values, already)
  const submit = async () => {
    const made = plan.group && madeGroupId(await makeGroup.mutateAsync(plan.group))
    // When the listener is refused, the group stays and is the one to go on with.
    if (made !== undefined) setValues({ ...values, group: made })
    for (const call of plan.others(made ?? values.group)) await change.mutateAsync(call)
    void message.success(t.common.done(t.balancer.addListener))
    await navigate(paths.loadBalancer(id))
  }
  const next = (entered: Partial<ListenerValues>) => {
    // A step that is not in view keeps the fields of `http` that it does not show.
    const all = { ...values, ...entered, http: { ...values.http, ...entered.http } }
    setValues(all)
    if (step === 0 && isRedirect(all)) setStep(3)
    else if (step < 3) setStep(step + 1)
    // The failure is shown by the mutation's state.
    else submit().catch(() => {})
  }
  const titles = [
    t.balancer.stepProtocol,
    t.balancer.stepServers,
    t.balancer.stepCheck,
    t.balancer.stepReview,
  ]
  return (
    <Page
      title={t.balancer.addListener}
      above={[
        { title: t.nav.loadBalancers, to: paths.loadBalancers },
        { title: balancer.LoadBalancerName || id, to: paths.loadBalancer(id) },
      ]}
    >
      <Card size="small">
        <Steps
          current={step}
          size="small"
          items={titles.map((title) => ({ title }))}
          style={{ margin: '8px 0 24px' }}
        />
        <Form<ListenerValues>
          key={step}
          form={form}
          layout="vertical"
          initialValues={values}
          onFinish={next}
          scrollToFirstError={{ focus: true }}
          style={{ maxWidth: 880 }}
        >
          {step === 0 && <ProtocolStep />}
          {step === 1 && <ServersStep balancer={balancer} protocol={values.protocol} />}
          {step === 2 && <CheckStep protocol={values.protocol} />}
          {step === 3 && (
            <>
              <ReviewStep balancer={balancer} values={values} />
              <details>
                <summary>{t.page.formCall}</summary>
                {plan.group && <CallText call={plan.group} />}
                {plan.others(plan.group ? t.balancer.groupToCome : values.group).map((call) => (
                  <CallText key={call.action} call={call} />
                ))}
              </details>
            </>
          )}
          {error && <ErrorNote error={error} />}
          <Flex gap={8} style={{ marginTop: 16 }}>
            {step > 0 && (
              <Button onClick={() => setStep(isRedirect(values) ? 0 : step - 1)}>{t.common.previous}</Button>
            )}
            <Button type="primary" htmlType="submit" loading={makeGroup.isPending || change.isPending}>
              {step < 3 ? t.common.next : t.common.submit}
            </Button>
            <Button onClick={() => void navigate(paths.loadBalancer(id))}>{t.common.cancel}</Button>
          </Flex>
        </Form>
      </Card>
    </Page>
  )
}
