import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import { CallError } from './api/send.ts'
import { LanguageProvider, loadCatalogue, preferredLanguage } from './i18n/language.tsx'
import { router } from './routes.tsx'
import { Theme } from './theme.tsx'
import './style.css'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2000,
      retry: (failures, error) => failures < 2 && !(error instanceof CallError && error.status >= 400),
    },
  },
})

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no root')
const initial = await loadCatalogue(preferredLanguage())
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <LanguageProvider initial={initial}>
        <Theme>
          <RouterProvider router={router} />
        </Theme>
      </LanguageProvider>
    </QueryClientProvider>
  </StrictMode>,
)
