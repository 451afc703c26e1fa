import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** KaTeX names each font in three formats; every browser that runs our code reads the first. */
const onlyWoff2 = {
  name: 'only-woff2',
  enforce: 'pre' as const,
  transform: (code: string, id: string) =>
    id.endsWith('katex.min.css') ? code.replace(/,url\([^)]+\.(woff|ttf)\) format\("\w+"\)/g, '') : null,
};

// Django serves the pages and finds each entry's files in dist/manifest.json.
export default defineConfig({
  base: '/static/',
  plugins: [svelte(), onlyWoff2],
  build: {
    outDir: 'dist',
    manifest: 'manifest.json',
    // A font as data: would need a hole in the pages' policy.
    assetsInlineLimit: (file: string) => (file.endsWith('.woff2') ? false : undefined),
    rolldownOptions: {
      input: [
        'src/site.ts',
        'src/admin.ts',
        'src/authoring.ts',
        'src/offline.ts',
        'src/worker/main.ts',
        'src/reports.ts',
        'src/homework.ts',
        'src/player/main.ts',
        'src/host/main.ts',
        'src/screen/main.ts',
        'src/remote/main.ts',
        'src/study/main.ts',
        'src/study/learner.ts',
        'src/study/chat/main.ts',
        'src/study/flashcards/main.ts',
        'src/study/quiz/main.ts',
        'src/study/review/main.ts',
        'src/study/podcast/main.ts',
        'src/study/podcast/admin.ts',
        'src/gallery/main.ts',
      ],
    },
  },
});
