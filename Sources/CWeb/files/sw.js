// While the server is away, an address that is opened says so in place of the browser's own page, and opens by itself
// when the server is back. Nothing is kept here: files are kept by their address, and money not at all.

const texts = {
  en: ['Magpie does not answer', 'The server is away or starting. This page opens by itself when it is back.'],
  de: ['Magpie antwortet nicht', 'Der Server ist weg oder startet gerade. Diese Seite öffnet sich von selbst, wenn er wieder da ist.'],
};

const page = () => {
  const language = self.navigator.language.startsWith('de') ? 'de' : 'en';
  const [title, words] = texts[language];
  return new Response(`<!doctype html><html lang="${language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="4"><title>${title}</title></head>
<body style="font:17px/1.5 system-ui,sans-serif;max-width:30rem;margin:20vh auto;padding:1rem"><h1 style="font-size:1.5rem">${title}</h1><p>${words}</p></body></html>`,
  { status: 503, headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'" } });
};

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', event => {
  if (event.request.mode !== 'navigate') return;
  event.respondWith(fetch(event.request).catch(page));
});
