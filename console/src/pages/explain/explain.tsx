/** Why a packet passes or not. The question is in the address; it is asked when somebody presses the button, as it sends a packet. */
import { useMutation } from '@tanstack/react-query'
import { Card, Empty, Segmented } from 'antd'
import { useSearchParams } from 'react-router'
import { useText } from '../../i18n/language.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { Page } from '../../ui/page.tsx'
import { useExplain, type Question } from './answer.ts'
import { ConnectionForm, InstanceForm } from './question.tsx'
import { Told } from './told.tsx'
import { useExplainText } from './texts.ts'

export function Component() {
  const t = useText()
  const words = useExplainText()
  const [params, setParams] = useSearchParams()
  const explain = useExplain()
  const asking = useMutation({ mutationFn: explain })
  const side = params.get('side') === 'connection' ? 'connection' : 'instance'
  const ask = (question: Question) => {
    const { request, ...place } = question
    const entries = Object.entries({ ...place, ...request })
    setParams(
      { side, ...Object.fromEntries(entries.map(([name, value]) => [name, String(value)])) },
      {
        replace: true,
      },
    )
    asking.mutate(question)
  }
  const form = { given: params, busy: asking.isPending, onAsk: ask }
  return (
    <Page title={t.nav.explain} about={words.about}>
      <Segmented
        aria-label={words.side}
        style={{ marginBottom: 12 }}
        value={side}
        onChange={(chosen) => {
          asking.reset()
          setParams({ side: chosen })
        }}
        options={(['instance', 'connection'] as const).map((value) => ({
          value,
          label: words.sides[value],
        }))}
      />
      <Card size="small" style={{ marginBottom: 16 }}>
        {side === 'instance' ? <InstanceForm {...form} /> : <ConnectionForm {...form} />}
      </Card>
      {asking.error && <ErrorNote error={asking.error} />}
      {asking.data && asking.variables ? (
        <Told explanation={asking.data} question={asking.variables} />
      ) : (
        !asking.isPending && !asking.error && <Empty description={words.empty} />
      )}
    </Page>
  )
}
