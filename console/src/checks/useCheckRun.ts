import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { keys, runCheck } from "../api/queries";
import type { CheckName } from "../api/types";
import { afterStep, type CheckItem } from "./checks";

export interface CheckRun {
  items: CheckItem[];
  running: boolean;
  start: (checks: CheckName[]) => void;
  stop: () => void;
  fix: (name: string) => void;
}

/** Runs checks of the doctor one after the other; leaving the page ends it. */
export function useCheckRun(): CheckRun {
  const client = useQueryClient();
  const [items, step] = useReducer(afterStep, []);
  const [running, setRunning] = useState(false);
  const abort = useRef<AbortController | null>(null);

  const run = useCallback(
    async (names: string[], fix: boolean) => {
      abort.current?.abort();
      const mine = new AbortController();
      abort.current = mine;
      setRunning(true);
      for (const name of names) {
        step({ kind: "started", name });
        try {
          const report = await runCheck(name, fix, mine.signal);
          step({ kind: "reported", report });
        } catch (error) {
          if (mine.signal.aborted) {
            return;
          }
          step({ kind: "broken", name, reason: error instanceof Error ? error.message : String(error) });
          // A session that ended shows itself there.
          void client.invalidateQueries({ queryKey: keys.session });
        }
      }
      setRunning(false);
    },
    [client],
  );

  const start = useCallback(
    (checks: CheckName[]) => {
      step({ kind: "begin", checks });
      void run(
        checks.map((check) => check.name),
        false,
      );
    },
    [run],
  );

  const stop = useCallback(() => {
    abort.current?.abort();
    step({ kind: "stopped" });
    setRunning(false);
  }, []);

  const fix = useCallback((name: string) => void run([name], true), [run]);

  useEffect(() => () => abort.current?.abort(), []);
  return { items, running, start, stop, fix };
}
