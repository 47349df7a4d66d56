import { Button, Card, Col, Row, Typography } from 'antd'
import { useNavigate } from 'react-router'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { Page } from '../../ui/page.tsx'
import type { TourName } from './walkthroughs.ts'

const names: readonly TourName[] = ['same-account', 'cross-account']

export function Component() {
  const t = useText()
  const paths = usePaths()
  const navigate = useNavigate()
  return (
    <Page title={t.nav.tours} about={t.tours.about}>
      <Row gutter={[16, 16]}>
        {names.map((name) => (
          <Col key={name} xs={24} lg={12}>
            <Card title={t.tours.names[name]}>
              <Typography.Paragraph>{t.tours.abouts[name]}</Typography.Paragraph>
              <Button type="primary" onClick={() => void navigate(paths.tour(name))}>
                {t.tours.open}
              </Button>
            </Card>
          </Col>
        ))}
      </Row>
    </Page>
  )
}
