/** Adapters that are programs of their own, in any language: `lwf-adapter/1` over standard input and output. */
export { connectAdapter, type StdioAdapter, type StdioOptions } from './adapter';
export {
  readCommand,
  startsProcess,
  type Channel,
  type ChannelListener,
  type Command,
  type OpenChannel,
} from './channel';
export { LastWords } from './last-words';
export { LineReader, shown, type MessageLines } from './lines';
export { Peer } from './peer';
export { Server, type ServedExtension, type ServeOptions } from './serve';
