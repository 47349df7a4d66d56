import { MoonOutlined, SunOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useLanguage } from '../i18n/language.tsx'
import { useLook } from '../theme.tsx'

export function LanguageSwitch() {
  const { language, messages, choose } = useLanguage()
  const other = language === 'zh' ? 'en' : 'zh'
  return (
    <Button type="text" lang={other === 'zh' ? 'zh-CN' : 'en'} onClick={() => choose(other)}>
      {messages.frame.otherLanguage}
    </Button>
  )
}

export function LookSwitch() {
  const { look, choose } = useLook()
  const { frame } = useLanguage().messages
  const dark = look === 'dark'
  return (
    <Button
      type="text"
      icon={dark ? <SunOutlined /> : <MoonOutlined />}
      aria-label={dark ? frame.light : frame.dark}
      title={dark ? frame.light : frame.dark}
      onClick={() => choose(dark ? 'light' : 'dark')}
    />
  )
}
