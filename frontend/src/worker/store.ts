// The worker's three caches, bounded.

const PAGES = 'pages-1';
const FILES = 'files-1';
const EPISODES = 'episodes-1';
const MOST = {
  [PAGES]: { many: 60, bytes: 8e6 },
  [FILES]: { many: 600, bytes: 12e6 },
  [EPISODES]: { many: 40, bytes: 400e6 },
};
/** Of what is kept, for `trim`: a compressed answer's own length says less. */
const SIZE = 'X-Bytes';

export async function keptPage(path: string): Promise<Response | undefined> {
  return (await caches.open(PAGES)).match(path, { ignoreVary: true });
}

export async function keepPage(path: string, html: string, headers: Headers): Promise<void> {
  await put(PAGES, path, new Blob([html]), headers);
}

export async function dropPage(path: string): Promise<void> {
  await (await caches.open(PAGES)).delete(path, { ignoreVary: true });
}

export async function dropPages(): Promise<void> {
  await caches.delete(PAGES);
}

export async function keptFile(url: string): Promise<Response | undefined> {
  return (await caches.open(FILES)).match(url, { ignoreVary: true });
}

export async function keepFile(url: string, response: Response): Promise<void> {
  if (response.status === 200) await put(FILES, url, await response.blob(), response.headers);
}

export async function keptEpisode(url: string): Promise<Response | undefined> {
  return (await caches.open(EPISODES)).match(url, { ignoreVary: true });
}

export async function keepEpisode(url: string, response: Response): Promise<void> {
  if (response.status === 200) await put(EPISODES, url, await response.blob(), response.headers);
}

export async function keptEpisodes(): Promise<string[]> {
  return (await (await caches.open(EPISODES)).keys()).map(({ url }) => url);
}

export async function dropEpisode(url: string): Promise<void> {
  await (await caches.open(EPISODES)).delete(url, { ignoreVary: true });
}

export async function dropEpisodes(): Promise<void> {
  await caches.delete(EPISODES);
}

export async function dropOtherVersions(): Promise<void> {
  const others = (await caches.keys()).filter((name) => !(name in MOST));
  await Promise.all(others.map((name) => caches.delete(name)));
}

export async function dropAll(): Promise<void> {
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
}

/** Drop what was kept longest ago, as far as there is too much. */
export async function trim(): Promise<void> {
  for (const [name, most] of Object.entries(MOST)) {
    const cache = await caches.open(name);
    const newestFirst = [...(await cache.keys())].reverse();
    let bytes = 0;
    for (const [place, request] of newestFirst.entries()) {
      bytes += Number((await cache.match(request, { ignoreVary: true }))?.headers.get(SIZE));
      if (place >= most.many || bytes > most.bytes) await cache.delete(request, { ignoreVary: true });
    }
  }
}

async function put(name: string, address: string, body: Blob, headers: Headers): Promise<void> {
  const kept = new Headers(headers);
  // The body is unpacked by now.
  kept.delete('Content-Encoding');
  kept.delete('Content-Length');
  kept.set(SIZE, String(body.size));
  try {
    await (await caches.open(name)).put(address, new Response(body, { headers: kept }));
  } catch {
    // The device is full: whatever isn't kept comes from the network.
  }
}
