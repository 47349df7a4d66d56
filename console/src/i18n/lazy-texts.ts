/** Texts of one page, fetched with it: the first load carries only what the frame says. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { useLanguage, type Language } from './language.tsx'

/** The second language has the type of the first, so a missing text fails the build here too. */
export interface LazyTexts<Texts> {
  readonly name: string
  readonly load: Readonly<Record<Language, () => Promise<Texts>>>
}

/** The texts of the language in use; what is above shows its fallback until they are there. */
export function useLazyTexts<Texts>({ name, load }: LazyTexts<Texts>): Texts {
  const { language } = useLanguage()
  return useSuspenseQuery({
    queryKey: ['texts', name, language],
    queryFn: load[language],
    staleTime: Infinity,
    gcTime: Infinity,
  }).data
}
