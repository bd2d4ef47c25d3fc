export { type ChosenInstrument, chooseInstrument, type InstrumentSource } from './choose-instrument.ts';
export { readExchangeInfoFile } from './exchange-info-file.ts';
export { knownInstrument } from './known-symbols.ts';
export { describeInstrumentProblem, type InstrumentProblem } from './problem.ts';
