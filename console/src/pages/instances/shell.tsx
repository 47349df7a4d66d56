/** A terminal in the page, on a shell in the instance. */
import { FitAddon } from '@xterm/addon-fit'
import { Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { Button, Flex } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useText } from '../../i18n/language.tsx'

export function Shell({ instance }: { readonly instance: string }) {
  const t = useText()
  const [attempt, setAttempt] = useState(0)
  const [ended, setEnded] = useState(false)
  const again = () => {
    setEnded(false)
    setAttempt(attempt + 1)
  }
  return (
    <div>
      <Flex justify="space-between" align="center" style={{ marginBottom: 8 }}>
        <span className="hint">{t.instance.shellHint}</span>
        {ended && <Button onClick={again}>{t.instance.reconnect}</Button>}
      </Flex>
      <Screen key={attempt} instance={instance} onEnd={() => setEnded(true)} />
    </div>
  )
}

interface ScreenProps {
  readonly instance: string
  readonly onEnd: () => void
}

function Screen({ instance, onEnd }: ScreenProps) {
  const t = useText()
  const place = useRef<HTMLDivElement>(null)
  const ends = useRef(onEnd)
  ends.current = onEnd
  const label = t.instance.shell
  const closed = t.instance.shellClosed
  useEffect(() => {
    if (!place.current) return
    return openShell(
      place.current,
      instance,
      label,
      (reason) => `\r\n[${closed}${reason}]\r\n`,
      () => ends.current(),
    )
  }, [instance, label, closed])
  return (
    <div style={{ background: '#101418', padding: 8, borderRadius: 4 }}>
      <div ref={place} style={{ height: 420 }} />
    </div>
  )
}

/** Gives what ends it. */
function openShell(
  place: HTMLElement,
  instance: string,
  label: string,
  farewell: (reason: string) => string,
  onEnd: () => void,
): () => void {
  const terminal = new Terminal({
    fontSize: 13,
    fontFamily: 'ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace',
    theme: { background: '#101418', foreground: '#e6eaf0' },
    screenReaderMode: true,
  })
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  terminal.open(place)
  terminal.textarea?.setAttribute('aria-label', label)
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/console/shell/${instance}`)
  socket.binaryType = 'arraybuffer'
  const encoder = new TextEncoder()
  const sendSize = () => {
    fit.fit()
    if (socket.readyState !== WebSocket.OPEN) return
    socket.send(JSON.stringify({ resize: { cols: terminal.cols, rows: terminal.rows } }))
  }
  socket.addEventListener('open', () => {
    sendSize()
    terminal.focus()
  })
  socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer | string>) => {
    if (typeof data !== 'string') terminal.write(new Uint8Array(data))
  })
  socket.addEventListener('close', ({ reason }) => {
    terminal.write(farewell(reason ? `: ${reason}` : ''))
    onEnd()
  })
  const typing = terminal.onData((text) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(encoder.encode(text))
  })
  const sizes = new ResizeObserver(sendSize)
  sizes.observe(place)
  return () => {
    sizes.disconnect()
    typing.dispose()
    socket.close()
    terminal.dispose()
  }
}
