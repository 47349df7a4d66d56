import { useEffect, useRef, type ReactNode } from 'react'

/** Lets the keyboard scroll the tables within that are wider than the page: antd has no property for it. */
export function ScrollFocus({ children }: { readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    for (const part of place.current?.querySelectorAll('.ant-table-content, .ant-table-body') ?? []) {
      part.setAttribute('tabindex', '0')
    }
  })
  return <div ref={place}>{children}</div>
}
