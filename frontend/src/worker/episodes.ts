// Recordings that are kept: a part of one, as players ask for, and which are of use no more.

const ASKED = /^bytes=(\d+)-(\d*)$/;

/** The part that a `Range` names, else the whole. */
export function partOf(whole: Blob, range: string | null): Response {
  const headers = { 'Accept-Ranges': 'bytes', 'Content-Type': 'audio/mpeg' };
  const asked = ASKED.exec(range ?? '');
  if (!asked) return new Response(whole, { headers });
  const start = Number(asked[1]);
  const end = Math.min(asked[2] ? Number(asked[2]) + 1 : whole.size, whole.size);
  if (start >= end) {
    return new Response(null, { status: 416, headers: { ...headers, 'Content-Range': `bytes */${whole.size}` } });
  }
  return new Response(whole.slice(start, end, 'audio/mpeg'), {
    status: 206,
    headers: { ...headers, 'Content-Range': `bytes ${start}-${end - 1}/${whole.size}`, 'Content-Length': String(end - start) },
  });
}

/** Whether what the server said of a page means that this recording is gone, or is another by now. */
export function isOutdated(episode: string, page: string, status: number, html: string | undefined): boolean {
  if (!episode.startsWith(page)) return false;
  if (status === 404) return true;
  return html !== undefined && page.endsWith('/podcast/') && !html.includes(episode);
}
