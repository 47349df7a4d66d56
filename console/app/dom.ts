export type Child = Node | string

export function element(
  tag: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElement {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
  node.append(...children)
  return node
}

export function button(label: string, enabled: boolean, onClick: () => void): HTMLButtonElement {
  const node = document.createElement('button')
  node.type = 'button'
  node.textContent = label
  node.disabled = !enabled
  node.addEventListener('click', onClick)
  return node
}

/** Text in the colour of what it says; the text itself stays as the API has it. */
export function state(text: string): HTMLElement {
  return element('span', { class: `state-${tone(text)}` }, text)
}

function tone(text: string): 'good' | 'wait' | 'bad' {
  if (/^(Active|Available|Connected|Running|active|running|normal)$/.test(text)) return 'good'
  if (/^(abnormal|ServiceDeleted|locked|Disconnected|Stopped|inactive)$/.test(text)) return 'bad'
  return 'wait'
}

export function table(
  title: string,
  empty: string,
  head: readonly string[],
  rows: readonly (readonly Child[])[],
): HTMLElement {
  const body =
    rows.length === 0
      ? element('p', { class: 'empty' }, empty)
      : element(
          'table',
          {},
          element(
            'thead',
            {},
            element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, text))),
          ),
          element(
            'tbody',
            {},
            ...rows.map((row) => element('tr', {}, ...row.map((cell) => element('td', {}, cell)))),
          ),
        )
  return element('section', { 'aria-label': title }, element('h2', {}, title), body)
}
