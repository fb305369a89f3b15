import { useEffect, useRef, useState } from 'preact/hooks';
import { follow, type Loaded, type PageClock } from './live.ts';

const pageClock: PageClock = {
  isVisible: () => document.visibilityState === 'visible',
  onVisible: (listener) => {
    const heard = () => {
      if (document.visibilityState === 'visible') listener();
    };
    document.addEventListener('visibilitychange', heard);
    return () => document.removeEventListener('visibilitychange', heard);
  },
  after: (ms, what) => {
    const timer = setTimeout(what, ms);
    return () => clearTimeout(timer);
  },
};

export type Live<T> = { readonly loaded: Loaded<T>; readonly refresh: () => void };

/** Follows what `load` asks for; starts again when `key` changes. */
export function useLive<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  options: { readonly everyMs?: number; readonly isOver?: (data: T) => boolean } = {},
): Live<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ kind: 'loading' });
  const following = useRef<ReturnType<typeof follow<T>>>(undefined);
  useEffect(() => {
    setLoaded({ kind: 'loading' });
    const started = follow(load, setLoaded, pageClock, options);
    following.current = started;
    return started.stop;
  }, [key]);
  return { loaded, refresh: () => following.current?.refresh() };
}
