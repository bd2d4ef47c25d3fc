export const MESSAGE_BYTES_MAX = 16 * 1024 * 1024;
