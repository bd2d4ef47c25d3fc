export { type Addressed, busMessageText, decodeBusMessage, encodeBusMessage } from './bus-message.ts';
export { type Codec, decodeWith, type MalformedMessage } from './codec.ts';
export { marketDataMethods } from './market-data-service.ts';
export { orderExecutionMethods } from './order-execution-service.ts';
export { riskManagerMethods, type VerdictMessage } from './risk-manager-service.ts';
export { strategyEngineMethods } from './strategy-engine-service.ts';
