import type { Configuration } from '@tradewind/config';
import type { Instrument } from '@tradewind/core/market';
import { amount, formatAmount, isGreater } from '@tradewind/core/money';
import type { Finding } from './finding.ts';
