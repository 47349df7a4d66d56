/**
 * What a form is to be filled in with, and which one is to be open, by the address: `?form=vpc&with={"VpcName":"VPC1"}`. Whoever
 * follows the link sees the values in the fields and may change them; only fields that the form has are filled in.
 */
import { useSearchParams } from 'react-router'

export type Suggestion = Readonly<Record<string, unknown>>

export function suggesting(path: string, values: Suggestion, form?: string): string {
  const params = new URLSearchParams({
    ...(form === undefined ? {} : { form }),
    with: JSON.stringify(values),
  })
  return `${path}${path.includes('?') ? '&' : '?'}${params.toString()}`
}

export function useSuggestion(): Suggestion {
  const [params] = useSearchParams()
  return read(params.get('with') ?? '{}')
}

export interface AskedForm {
  readonly open: boolean
  /** Takes it out of the address, so that a reload does not open it again. */
  readonly clear: () => void
}

export function useAskedForm(name: string | undefined): AskedForm {
  const [params, setParams] = useSearchParams()
  return {
    open: name !== undefined && params.get('form') === name,
    clear: () =>
      setParams(
        (before) => {
          before.delete('form')
          before.delete('with')
          return before
        },
        { replace: true },
      ),
  }
}

function read(text: string): Suggestion {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Suggestion) : {}
  } catch {
    // An address that somebody has cut or typed suggests nothing.
    return {}
  }
}
