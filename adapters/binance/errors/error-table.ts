/**
 * What an error code proves about the request that it answers:
 * - `never`, `after_change`: surely refused; sent again as it is, it would be refused again, or should not be sent again;
 * - `later`: surely refused; the same request may succeed later;
 * - `later_unless_order`: the same for a question, but an order call must be asked about first;
 * - `unknown`: it may have been executed;
 * - `in_halves`: the answer's `data` says what was done and what was not (cancel-replace).
 */
export type ErrorClass = 'never' | 'after_change' | 'later' | 'later_unless_order' | 'unknown' | 'in_halves';

export interface KnownError {
  readonly code: number;
  readonly name: string;
  readonly class: ErrorClass;
}

/** Every documented code (binance-spot.md section 7.2). A code that is not here is unknown (faults.md O6). */
const TABLE: Readonly<Record<ErrorClass, Readonly<Record<string, number>>>> = {
  unknown: {
    UNKNOWN: -1000,
    DISCONNECTED: -1001,
    UNEXPECTED_RESP: -1006,
    TIMEOUT: -1007,
  },
  later: {
    TOO_MANY_REQUESTS: -1003,
    TOO_MANY_ORDERS: -1015,
    SERVICE_SHUTTING_DOWN: -1016,
    TOO_MANY_CONNECTIONS: -1034,
    NO_DEPTH: -1112,
    // Normal for a while after a placement: the query reads a cache, then a database (faults.md O3).
    NO_SUCH_ORDER: -2013,
  },
  later_unless_order: { SERVER_BUSY: -1008 },
  in_halves: {
    CANCEL_REPLACE_PARTIAL: -2021,
    CANCEL_REPLACE_FAILED: -2022,
  },
  after_change: {
    INVALID_MESSAGE: -1013,
    UNKNOWN_ORDER_COMPOSITION: -1014,
    INVALID_TIMESTAMP: -1021,
    ILLEGAL_CHARS: -1100,
    TOO_MANY_PARAMETERS: -1101,
    MANDATORY_PARAM_EMPTY_OR_MALFORMED: -1102,
    UNKNOWN_PARAM: -1103,
    UNREAD_PARAMETERS: -1104,
    PARAM_EMPTY: -1105,
    PARAM_NOT_REQUIRED: -1106,
    PARAM_OVERFLOW: -1108,
    BAD_PRECISION: -1111,
    TIF_NOT_REQUIRED: -1114,
    INVALID_TIF: -1115,
    INVALID_ORDER_TYPE: -1116,
    INVALID_SIDE: -1117,
    EMPTY_NEW_CL_ORD_ID: -1118,
    EMPTY_ORG_CL_ORD_ID: -1119,
    BAD_INTERVAL: -1120,
    BAD_SYMBOL: -1121,
    INVALID_SYMBOLSTATUS: -1122,
    MORE_THAN_XX_HOURS: -1127,
    OPTIONAL_PARAMS_BAD_COMBO: -1128,
    INVALID_PARAMETER: -1130,
    BAD_STRATEGY_TYPE: -1134,
    INVALID_JSON: -1135,
    INVALID_TICKER_TYPE: -1139,
    INVALID_CANCEL_RESTRICTIONS: -1145,
    DUPLICATE_SYMBOLS: -1151,
    OCO_ORDER_TYPE_REJECTED: -1158,
    OCO_ICEBERGQTY_TIMEINFORCE: -1160,
    BUY_OCO_LIMIT_MUST_BE_BELOW: -1165,
    SELL_OCO_LIMIT_MUST_BE_ABOVE: -1166,
    BOTH_OCO_ORDERS_CANNOT_BE_LIMIT: -1168,
    INVALID_TIME_UNIT: -1194,
    BUY_OCO_STOP_LOSS_MUST_BE_ABOVE: -1196,
    SELL_OCO_STOP_LOSS_MUST_BE_BELOW: -1197,
    BUY_OCO_TAKE_PROFIT_MUST_BE_BELOW: -1198,
    SELL_OCO_TAKE_PROFIT_MUST_BE_ABOVE: -1199,
    INVALID_PEG_PRICE_TYPE: -1210,
    INVALID_PEG_OFFSET_TYPE: -1211,
    SYMBOL_DOES_NOT_MATCH_STATUS: -1220,
    OPO_WORKING_MUST_BE_BUY: -1222,
    OPO_PENDING_MUST_BE_SELL: -1223,
    WORKING_PARAM_REQUIRED: -1224,
    PENDING_PARAM_NOT_REQUIRED: -1225,
    CLIENT_ORDER_ID_INVALID: -2039,
    // On another connection.
    MAXIMUM_SUBSCRIPTION_IDS: -2042,
  },
  never: {
    UNAUTHORIZED: -1002,
    ERROR_MSG_RECEIVED: -1010,
    UNSUPPORTED_OPERATION: -1020,
    INVALID_SIGNATURE: -1022,
    INVALID_LISTEN_KEY: -1125,
    // What the text says decides further, see refusal-reason.ts.
    NEW_ORDER_REJECTED: -2010,
    CANCEL_REJECTED: -2011,
    BAD_API_KEY_FMT: -2014,
    REJECTED_MBX_KEY: -2015,
    NO_TRADING_WINDOW: -2016,
    ORDER_ARCHIVED: -2026,
    SUBSCRIPTION_ACTIVE: -2035,
    SUBSCRIPTION_INACTIVE: -2036,
    ORDER_AMEND_REJECTED: -2038,
    NO_REFERENCE_PRICE: -2043,
    // Of FIX and SBE, which this client does not speak.
    COMP_ID_IN_USE: -1033,
    LOGGED_OUT: -1035,
    INVALID_SBE_HEADER: -1152,
    UNSUPPORTED_SCHEMA_ID: -1153,
    SBE_DISABLED: -1155,
    DEPRECATED_SCHEMA: -1161,
    INVALID_TAG_NUMBER: -1169,
    TAG_NOT_DEFINED_IN_MESSAGE: -1170,
    TAG_APPEARS_MORE_THAN_ONCE: -1171,
    TAG_OUT_OF_ORDER: -1172,
    GROUP_FIELDS_OUT_OF_ORDER: -1173,
    INVALID_COMPONENT: -1174,
    RESET_SEQ_NUM_SUPPORT: -1175,
    ALREADY_LOGGED_IN: -1176,
    GARBLED_MESSAGE: -1177,
    BAD_SENDER_COMPID: -1178,
    BAD_SEQ_NUM: -1179,
    EXPECTED_LOGON: -1180,
    TOO_MANY_MESSAGES: -1181,
    PARAMS_BAD_COMBO: -1182,
    NOT_ALLOWED_IN_DROP_COPY_SESSIONS: -1183,
    DROP_COPY_SESSION_NOT_ALLOWED: -1184,
    DROP_COPY_SESSION_REQUIRED: -1185,
    NOT_ALLOWED_IN_ORDER_ENTRY_SESSIONS: -1186,
    NOT_ALLOWED_IN_MARKET_DATA_SESSIONS: -1187,
    INCORRECT_NUM_IN_GROUP_COUNT: -1188,
    DUPLICATE_ENTRIES_IN_A_GROUP: -1189,
    INVALID_REQUEST_ID: -1190,
    TOO_MANY_SUBSCRIPTIONS: -1191,
    INVALID_SBE_MESSAGE_FIELD: -1221,
  },
};

export const KNOWN_ERRORS: ReadonlyMap<number, KnownError> = new Map(
  (Object.keys(TABLE) as ErrorClass[]).flatMap((errorClass) =>
    Object.entries(TABLE[errorClass]).map(
      ([name, code]) => [code, { code, name, class: errorClass }] as const,
    ),
  ),
);

/** Codes that more than one place must know by name. */
export const INVALID_TIMESTAMP = -1021;
export const TOO_MANY_REQUESTS = -1003;
export const TOO_MANY_ORDERS = -1015;
export const NO_SUCH_ORDER = -2013;
