import { useCallback, useMemo, useState } from "react";

export interface Draft<T> {
  value: T;
  dirty: boolean;
  change: (next: Partial<T>) => void;
  reset: () => void;
}

/** What the user changed, over what the server has; a field set back to the server's value is no change. */
export function useDraft<T extends object>(server: T): Draft<T> {
  const [changes, setChanges] = useState<Partial<T>>({});
  const change = useCallback((next: Partial<T>) => setChanges((before) => ({ ...before, ...next })), []);
  const reset = useCallback(() => setChanges({}), []);
  const value = useMemo(() => ({ ...server, ...changes }), [server, changes]);
  const dirty = (Object.keys(changes) as (keyof T)[]).some(
    (key) => JSON.stringify(changes[key]) !== JSON.stringify(server[key]),
  );
  return { value, dirty, change, reset };
}
