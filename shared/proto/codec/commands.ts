import { create } from '@bufbuild/protobuf';
import type { CommandResult } from '../contracts/order-execution.ts';
import * as commands from '../generated/tradewind/v1/commands_pb.js';
import { kinds } from './choice.ts';
import type { Codec } from './codec.ts';
import { record } from './record.ts';
import { text } from './scalars.ts';

type CommandPart<Kind> = Omit<Extract<CommandResult, { readonly kind: Kind }>, 'kind'>;
const anyCommandResult = kinds<CommandResult, commands.CommandResult['result']>({
  done: record<CommandPart<'done'>, commands.CommandDone>(commands.CommandDoneSchema, {}),
  refused: record<CommandPart<'refused'>, commands.CommandRefused>(commands.CommandRefusedSchema, {
    reason: text,
    detail: text,
  }),
  unknown: record<CommandPart<'unknown'>, commands.CommandUnknown>(commands.CommandUnknownSchema, {
    detail: text,
  }),
});
export const commandResult: Codec<CommandResult, commands.CommandResult> = {
  encode: (value) => create(commands.CommandResultSchema, { result: anyCommandResult.encode(value) }),
  decode: (message) => anyCommandResult.decode(message.result),
};
