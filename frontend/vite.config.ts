import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// Django serves the pages and finds each entry's files in dist/manifest.json.
export default defineConfig({
  base: '/static/',
  plugins: [svelte()],
  build: {
    outDir: 'dist',
    manifest: 'manifest.json',
    rolldownOptions: {
      input: [
        'src/site.ts',
        'src/admin.ts',
        'src/player/main.ts',
        'src/host/main.ts',
        'src/screen/main.ts',
        'src/study/main.ts',
        'src/gallery/main.ts',
      ],
    },
  },
});
