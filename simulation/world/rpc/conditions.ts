/** How it is between two services at present; changed by what happens to the world. */
export interface RpcConditions {
  /** One way, each message by itself: at least, and by chance up to so much more. */
  latencyMs: number;
  jitterMs: number;
  /** Probabilities: the connection breaks as a request leaves, and when it has been carried out and its answer should leave. */
  requestLoss: number;
  answerLoss: number;
  /** Nothing passes, and nobody is told. */
  isDown: boolean;
}

export const GOOD_RPC: RpcConditions = {
  latencyMs: 0.2,
  jitterMs: 0.4,
  requestLoss: 0,
  answerLoss: 0,
  isDown: false,
};
