import { orderAtTrades } from '../variants/trading/strategies.ts';

// biome-ignore lint/style/noDefaultExport: this is how the file of a strategy names it.
export default orderAtTrades;
