/** Sign-in, the frame around the pages, and the clock that keeps them fresh. The page shown is the URL's fragment. */
import { call, CallError, type Credentials } from './client.ts'
import { button, element } from './dom.ts'
import { messagesIn, preferredLanguage } from './messages.ts'
import { pages, type Page, type PageName } from './pages.ts'

const refreshMs = 3000
const region = new URLSearchParams(location.search).get('region') ?? 'eu-central-1'

function storedCredentials(): Credentials | undefined {
  const stored = sessionStorage.getItem('credentials')
  return stored ? (JSON.parse(stored) as Credentials) : undefined
}

function currentPage(): PageName {
  const name = location.hash.slice(2)
  return name in pages ? (name as PageName) : 'services'
}

function draw(): void {
  const credentials = storedCredentials()
  document.documentElement.lang = preferredLanguage()
  if (credentials) void drawPage(credentials)
  else drawSignIn('')
}

function drawSignIn(error: string): void {
  const t = messagesIn(preferredLanguage())
  const field = (name: string, label: string, type: string) => {
    const input = element('input', { name, type, required: '', autocomplete: 'off' })
    return element('label', {}, label, input)
  }
  const submit = element('button', { type: 'submit', class: 'primary' }, t.signIn)
  const form = element(
    'form',
    { 'aria-label': t.signIn },
    element('strong', {}, 'Postern'),
    element('p', {}, t.signInHint),
    field('id', t.accessKeyId, 'text'),
    field('secret', t.accessKeySecret, 'password'),
    ...(error ? [element('p', { role: 'alert' }, error)] : []),
    submit,
    languageButton(),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const entered = (name: string) =>
      form.querySelector<HTMLInputElement>(`[name=${name}]`)?.value.trim() ?? ''
    void signIn({ accessKeyId: entered('id'), accessKeySecret: entered('secret') })
  })
  document.body.replaceChildren(form)
}

async function signIn(credentials: Credentials): Promise<void> {
  try {
    const identity = await call(credentials, 'Sts', 'GetCallerIdentity', {})
    sessionStorage.setItem('credentials', JSON.stringify(credentials))
    sessionStorage.setItem('account', String(identity['AccountId']))
    draw()
  } catch (error) {
    drawSignIn(describe(error))
  }
}

async function drawPage(credentials: Credentials, error = ''): Promise<void> {
  const t = messagesIn(preferredLanguage())
  const shown = currentPage()
  const page: Page = {
    t,
    call: (product, action, params) => call(credentials, product, action, { RegionId: region, ...params }),
    change: (work) => {
      void work().then(draw, (failure: unknown) => drawPage(credentials, describe(failure)))
    },
  }
  let content: HTMLElement[] = []
  let problem = error
  try {
    content = await pages[shown](page)
  } catch (failure) {
    problem = describe(failure)
  }
  if (shown !== currentPage() || !storedCredentials()) return
  const links = (Object.keys(pages) as PageName[]).map((name) =>
    element('a', { href: `#/${name}`, ...(name === shown ? { 'aria-current': 'page' } : {}) }, t[name]),
  )
  const signOut = button(t.signOut, true, () => {
    sessionStorage.clear()
    draw()
  })
  document.body.replaceChildren(
    element(
      'header',
      {},
      element('strong', {}, 'Postern'),
      element('nav', {}, ...links),
      element('span', {}, `${t.account} ${sessionStorage.getItem('account') ?? ''} · ${region}`),
      languageButton(),
      signOut,
    ),
    element('main', {}, ...(problem ? [element('p', { role: 'alert' }, problem)] : []), ...content),
  )
}

function languageButton(): HTMLElement {
  const language = preferredLanguage()
  return button(messagesIn(language).language, true, () => {
    localStorage.setItem('language', language === 'zh' ? 'en' : 'zh')
    draw()
  })
}

function describe(error: unknown): string {
  return error instanceof CallError ? `${error.code}: ${error.message}` : String(error)
}

addEventListener('hashchange', draw)
setInterval(() => {
  if (storedCredentials() && !document.hidden) draw()
}, refreshMs)
draw()
