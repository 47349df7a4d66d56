import type { AgentMessage, ServerMessage } from './protocol.ts'

/** For `readFrames`, on either end of the agent's socket. */
export function isServerMessage(frame: object): frame is ServerMessage {
  return hasType(frame, ['plan', 'change'])
}

export function isAgentMessage(frame: object): frame is AgentMessage {
  return hasType(frame, ['hello', 'report'])
}

function hasType(frame: object, types: readonly string[]): boolean {
  return 'type' in frame && typeof frame.type === 'string' && types.includes(frame.type)
}
