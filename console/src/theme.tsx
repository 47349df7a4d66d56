/** Light and dark: as the system has it, until the user chooses. */
import { ConfigProvider, App as Messages, theme } from 'antd'
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import { useLanguage } from './i18n/language.tsx'

export type Look = 'light' | 'dark'

const storageKey = 'postern.look'
const systemDark = matchMedia('(prefers-color-scheme: dark)')

const LookContext = createContext<{ readonly look: Look; readonly choose: (look: Look) => void }>({
  look: 'light',
  choose: () => {},
})

export function useLook() {
  return use(LookContext)
}

/** Colours of text darker than antd's own, which are too pale to read for some (WCAG asks for 4.5 to 1). */
const readable = {
  light: {
    colorPrimary: '#0958b9',
    colorLink: '#0958b9',
    colorLinkHover: '#0a4a96',
    colorTextPlaceholder: '#5b6472',
    colorTextDescription: '#5b6472',
    colorTextDisabled: '#5b6472',
    colorError: '#c02b2b',
    colorErrorHover: '#a32323',
    colorSuccess: '#1f7a33',
    colorWarning: '#9a5b00',
    // Derived from such deep colours they would be grey.
    colorErrorBg: '#fdf1f1',
    colorSuccessBg: '#eff8f1',
    colorWarningBg: '#fdf6e9',
  },
  dark: {
    colorPrimary: '#2f6fd0',
    colorLink: '#7db1ff',
    colorLinkHover: '#9cc4ff',
    colorTextPlaceholder: '#a9b2bf',
    colorTextDescription: '#a9b2bf',
    colorTextDisabled: '#a9b2bf',
    colorError: '#ff8585',
    colorErrorHover: '#ff9f9f',
    colorSuccess: '#5bbf73',
    colorWarning: '#e0a54a',
  },
} as const

/** On dark the colour of solid buttons is too deep for text. */
const darkComponents = {
  Menu: { itemSelectedColor: '#9cc4ff', itemColor: '#d5dbe4', groupTitleColor: '#a9b2bf' },
  Button: {
    dangerColor: '#2a0b0b',
    primaryColor: '#ffffff',
    defaultActiveColor: '#9cc4ff',
    defaultHoverColor: '#9cc4ff',
    // Solid buttons get lighter under the pointer, and white on them too pale.
    colorPrimaryHover: '#2a64bc',
  },
  Radio: {
    buttonColor: '#d5dbe4',
    colorPrimary: '#7db1ff',
    colorPrimaryHover: '#9cc4ff',
    colorPrimaryActive: '#9cc4ff',
  },
  Segmented: { itemSelectedColor: '#ffffff' },
  Tabs: { itemSelectedColor: '#9cc4ff', itemHoverColor: '#9cc4ff' },
}

export function Theme({ children }: { readonly children: ReactNode }) {
  const { antd } = useLanguage()
  const system = useSyncExternalStore(watchSystem, () => systemDark.matches)
  const [chosen, setChosen] = useState(() => localStorage.getItem(storageKey))
  const look: Look = (chosen ?? (system ? 'dark' : 'light')) === 'dark' ? 'dark' : 'light'
  useEffect(() => {
    document.documentElement.dataset['look'] = look
  }, [look])
  const choose = (next: Look) => {
    localStorage.setItem(storageKey, next)
    setChosen(next)
  }
  return (
    <LookContext value={{ look, choose }}>
      <ConfigProvider
        locale={antd}
        theme={{
          algorithm: look === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
          components: look === 'dark' ? darkComponents : {},
          token: { ...readable[look], borderRadius: 4, motion: !prefersCalm() },
        }}
        button={{ autoInsertSpace: false }}
        form={{ requiredMark: markRequired }}
      >
        <Messages>{children}</Messages>
      </ConfigProvider>
    </LookContext>
  )
}

/** The star is for the eye only: the field itself says that it is required. */
function markRequired(label: ReactNode, { required }: { readonly required: boolean }) {
  return (
    <>
      {label}
      {required && (
        <span aria-hidden="true" className="state-bad">
          {' *'}
        </span>
      )}
    </>
  )
}

function watchSystem(onChange: () => void): () => void {
  systemDark.addEventListener('change', onChange)
  return () => systemDark.removeEventListener('change', onChange)
}

function prefersCalm(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches
}
