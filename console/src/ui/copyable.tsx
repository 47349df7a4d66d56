import { CheckOutlined, CopyOutlined } from '@ant-design/icons'
import { Button, Tooltip } from 'antd'
import { useState } from 'react'
import { useText } from '../i18n/language.tsx'

export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const t = useText()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <Tooltip title={copied ? t.common.copied : t.common.copy}>
      <Button
        type="text"
        size="small"
        aria-label={`${t.common.copy} ${label ?? text}`}
        icon={copied ? <CheckOutlined /> : <CopyOutlined />}
        onClick={() => void copy()}
      />
    </Tooltip>
  )
}

/** An id, an address or a domain name, with a button to copy it. */
export function Copyable({ text }: { readonly text: string | undefined }) {
  if (!text) return <>-</>
  return (
    <span>
      <span className="mono long">{text}</span>
      <CopyButton text={text} />
    </span>
  )
}
