import { useEffect, useRef } from 'react';
import type { Reveal } from '../api/types';
import { bytesOf } from './reveal';

// Draws what the server wrote itself: grey pixels in a PNG. A canvas needs no address that the content policy would have to
// allow or a cache could keep; when it goes, its pixels go.
export function PreviewCanvas({ reveal, alt }: { reveal: Reveal; alt: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const target = canvas.current;
    if (target === null) return undefined;
    let gone = false;
    void createImageBitmap(new Blob([bytesOf(reveal.png)], { type: 'image/png' })).then((bitmap) => {
      if (!gone) {
        target.width = bitmap.width;
        target.height = bitmap.height;
        target.getContext('2d')?.drawImage(bitmap, 0, 0);
        target.dataset['blur'] = reveal.blur;
      }
      bitmap.close();
    });
    return () => {
      gone = true;
      target.width = 0;
      target.height = 0;
    };
  }, [reveal]);
  return (
    <canvas
      ref={canvas}
      className="preview"
      role="img"
      aria-label={alt}
      width={reveal.width}
      height={reveal.height}
      onContextMenu={(event) => event.preventDefault()}
    />
  );
}
