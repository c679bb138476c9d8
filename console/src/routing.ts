import { useSyncExternalStore } from "react";

// The place in the console stands behind '#', so that any place is a link that can be sent,
// and the server has one page to give.

export interface Route {
  path: string[];
  query: URLSearchParams;
}

/** "#/events/12?severity=error" in its parts. */
export function parseRoute(hash: string): Route {
  const text = hash.replace(/^#\/?/, "");
  const at = text.indexOf("?");
  const path = at < 0 ? text : text.slice(0, at);
  return {
    path: path.split("/").filter((part) => part !== "").map(decodePart),
    query: new URLSearchParams(at < 0 ? "" : text.slice(at + 1)),
  };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The link to a place. */
export function linkTo(path: (string | number)[], query: Record<string, string | undefined> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") {
      search.set(name, value);
    }
  }
  const text = search.toString();
  return `#/${path.map((part) => encodeURIComponent(part)).join("/")}${text === "" ? "" : `?${text}`}`;
}

/** Asked before the place changes; true keeps the reader where he is. */
type Guard = (wanted: string) => boolean;

let here = "";
let guard: Guard | null = null;
const listeners = new Set<() => void>();

function tellAll(): void {
  for (const listener of listeners) {
    listener();
  }
}

function onHashChange(): void {
  const wanted = window.location.hash;
  if (wanted === here) {
    return;
  }
  if (guard?.(wanted)) {
    window.history.replaceState(null, "", here === "" ? "#/" : here);
    return;
  }
  here = wanted;
  tellAll();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    here = window.location.hash;
    window.addEventListener("hashchange", onHashChange);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      window.removeEventListener("hashchange", onHashChange);
    }
  };
}

export function navigate(link: string): void {
  window.location.hash = link;
}

export function setGuard(next: Guard | null): void {
  guard = next;
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => (listeners.size === 0 ? window.location.hash : here));
  return parseRoute(hash);
}
