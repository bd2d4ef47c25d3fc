/** Of one message, and of one frame of a lane together with its head. */
export const MESSAGE_BYTES_MAX = 16 * 1024 * 1024;
