import { Alert, Flex } from 'antd'
import { useText } from '../../i18n/language.tsx'
import { CopyButton } from '../../ui/copyable.tsx'

interface Props {
  readonly name: string
  readonly text: string
}

/** The private half of a key pair that was made just now: to be copied or saved as a file, once. */
export function PrivateKey({ name, text }: Props) {
  const t = useText()
  const href = `data:application/x-pem-file;charset=utf-8,${encodeURIComponent(text)}`
  return (
    <Alert
      type="warning"
      showIcon
      style={{ marginBottom: 12 }}
      title={t.keys.once}
      description={
        <>
          <pre className="code mono" tabIndex={0} aria-label={t.keys.privateKey}>
            {text}
          </pre>
          <Flex gap={12} align="center" style={{ marginTop: 8 }}>
            <a href={href} download={`${name}.pem`}>
              {t.keys.download} {name}.pem
            </a>
            <CopyButton text={text} label={t.keys.privateKey} />
          </Flex>
        </>
      }
    />
  )
}
