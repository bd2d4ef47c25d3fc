/**
 * Keeps one message in a topic, in one step, so that a check of the room and the message cannot come apart. Arguments: the message, how
 * many the topic holds, whether it may lose its oldest (1), after how many ms a group is one that nobody reads, and the only group that
 * the message is for, if any. Answers the id, or '!' and the name of the group that is too far behind.
 *
 * A full topic first lets go of what every group that is being read has handled: all before the oldest message that one of them has not
 * acknowledged. A group that nobody reads loses what it has not read; its reader finds the hole by `seq`.
 */
const PUBLISH = `
local key, message, capacity = KEYS[1], ARGV[1], tonumber(ARGV[2])
local function keep()
  if ARGV[5] ~= '' then return redis.call('XADD', key, '*', 'm', message, 'g', ARGV[5]) end
  return redis.call('XADD', key, '*', 'm', message)
end
if redis.call('XLEN', key) < capacity then return keep() end
if ARGV[3] == '1' then
  redis.call('XTRIM', key, 'MAXLEN', capacity - 1)
  return keep()
end
local function fields(reply)
  local found = {}
  for i = 1, #reply, 2 do found[reply[i]] = reply[i + 1] end
  return found
end
local function parts(id)
  local ms, count = string.match(id, '(%d+)-(%d+)')
  return tonumber(ms), tonumber(count)
end
local function isBefore(one, other)
  local oneMs, oneCount = parts(one)
  local otherMs, otherCount = parts(other)
  return oneMs < otherMs or (oneMs == otherMs and oneCount < otherCount)
end
local least, slowest
for _, reply in ipairs(redis.call('XINFO', 'GROUPS', key)) do
  local group = fields(reply)
  local isRead = false
  for _, member in ipairs(redis.call('XINFO', 'CONSUMERS', key, group['name'])) do
    if fields(member)['idle'] <= tonumber(ARGV[4]) then isRead = true end
  end
  if isRead then
    local first
    if group['pending'] > 0 then
      first = redis.call('XPENDING', key, group['name'])[2]
    else
      local ms, count = parts(group['last-delivered-id'])
      first = string.format('%.0f-%.0f', ms, count + 1)
    end
    if least == nil or isBefore(first, least) then least, slowest = first, group['name'] end
  end
end
if least == nil then
  redis.call('XTRIM', key, 'MAXLEN', capacity - 1)
else
  redis.call('XTRIM', key, 'MINID', least)
end
if redis.call('XLEN', key) >= capacity then return '!' .. slowest end
return keep()
`;

/** Takes a member that has nothing left off the list of its group. Arguments: the group, the member. */
const TAKE_OFF = `
if #redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]) == 0 then
  redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
end
return 0
`;

/** What Redis does in one step, by the name that it is called by. Each has one key, the stream. */
export const SCRIPTS = { tradewindPublish: PUBLISH, tradewindTakeOff: TAKE_OFF } as const;
export type ScriptName = keyof typeof SCRIPTS;
