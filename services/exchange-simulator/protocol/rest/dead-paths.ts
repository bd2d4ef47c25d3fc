import type { WireRequest, WireResponse } from '../../wire.ts';

const HTML_TYPE = 'text/html;charset=UTF-8';

/** Listen keys were removed on 2026-02-20; their paths answer 410 with a page (binance-spot.md section 9.1). */
export const isGone = (path: string): boolean =>
  path === '/api/v3/userDataStream' || path === '/api/v1/userDataStream';

export function goneResponse(headers: Record<string, string>): WireResponse {
  headers['content-type'] = HTML_TYPE;
  const body =
    '<html>\r\n<head><title>410 Gone</title></head>\r\n<body>\r\n<center><h1>410 Gone</h1></center>\r\n</body>\r\n</html>\r\n';
  return { status: 410, headers, body };
}

/** With a page only for who asks for one (binance-spot.md section 7.1). A method that a path does not have is no path either. */
export function notFoundResponse(request: WireRequest, headers: Record<string, string>): WireResponse {
  if (request.headers.accept?.includes('text/html') !== true) return { status: 404, headers, body: '' };
  headers['content-type'] = HTML_TYPE;
  const body =
    '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n</body>\r\n</html>\r\n';
  return { status: 404, headers, body };
}
