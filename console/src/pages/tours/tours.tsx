import { Button, Card, Col, Row, Typography } from 'antd'
import { useNavigate } from 'react-router'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { Page } from '../../ui/page.tsx'
import { useTourText } from './texts.ts'
import { startTour, tourNames, type TourName } from './tour-state.ts'

export function Component() {
  const t = useText()
  const words = useTourText()
  const paths = usePaths()
  const navigate = useNavigate()
  const open = (name: TourName) => {
    startTour(name)
    void navigate(paths.tour(name))
  }
  return (
    <Page title={t.nav.tours} about={words.about}>
      <Row gutter={[16, 16]}>
        {tourNames.map((name) => (
          <Col key={name} xs={24} lg={12}>
            <Card title={words.names[name]}>
              <Typography.Paragraph>{words.abouts[name]}</Typography.Paragraph>
              <Button type="primary" onClick={() => open(name)}>
                {words.start}
              </Button>
            </Card>
          </Col>
        ))}
      </Row>
    </Page>
  )
}
