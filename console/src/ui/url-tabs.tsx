import type { KeyboardEvent, ReactNode } from 'react'
import { useSearchParams } from 'react-router'

interface Tab {
  readonly key: string
  readonly label: string
  readonly children: ReactNode
}

/** Tabs of which the open one is in the URL. They wrap where they do not fit; the arrow keys go from one to the next. */
export function UrlTabs({ tabs }: { readonly tabs: readonly Tab[] }) {
  const [params, setParams] = useSearchParams()
  const index = Math.max(
    0,
    tabs.findIndex(({ key }) => key === params.get('tab')),
  )
  const open = (next: number) => {
    const key = tabs[next]?.key ?? ''
    setParams(next === 0 ? {} : { tab: key }, { replace: true })
    document.getElementById(`tab-${key}`)?.focus()
  }
  const onKeyDown = ({ key }: KeyboardEvent) => {
    const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? tabs.length - 1 : 0
    if (step > 0) open((index + step) % tabs.length)
  }
  return (
    <>
      <div role="tablist" className="tabs" onKeyDown={onKeyDown}>
        {tabs.map(({ key, label }, at) => (
          <button
            key={key}
            id={`tab-${key}`}
            type="button"
            role="tab"
            aria-selected={at === index}
            aria-controls="tab-panel"
            tabIndex={at === index ? 0 : -1}
            onClick={() => open(at)}
          >
            {label}
          </button>
        ))}
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tabs[index]?.key}`} key={tabs[index]?.key}>
        {tabs[index]?.children}
      </div>
    </>
  )
}
