/** The query that knows who is signed in; null when nobody is. */
export const sessionKey = ['session'] as const
