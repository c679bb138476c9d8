import { useEffect, useState } from "react";
import { navigate, parseRoute, setGuard } from "../../routing";

/** Keeps the reader from leaving with unsaved changes: the place that is wanted, until that is decided. */
export function useGuard(dirty: boolean): { wanted: string | null; stay: () => void; leave: () => void } {
  const [wanted, setWanted] = useState<string | null>(null);
  useEffect(() => {
    if (!dirty) {
      return undefined;
    }
    const here = parseRoute(window.location.hash).path.join("/");
    setGuard((place) => {
      const leaves = parseRoute(place).path.join("/") !== here;
      if (leaves) {
        setWanted(place);
      }
      return leaves;
    });
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", onUnload);
    return () => {
      setGuard(null);
      window.removeEventListener("beforeunload", onUnload);
    };
  }, [dirty]);
  return {
    wanted,
    stay: () => setWanted(null),
    leave: () => {
      setGuard(null);
      navigate(wanted ?? "");
    },
  };
}
