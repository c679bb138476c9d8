import { useSyncExternalStore } from "react";

/** What the user chose for this browser; "system" follows the system's preference. */
export type ThemeChoice = "system" | "light" | "dark";

const key = "headwater.theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  dark.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    dark.removeEventListener("change", listener);
  };
}

function choice(): ThemeChoice {
  const stored = window.localStorage.getItem(key);
  return stored === "light" || stored === "dark" ? stored : "system";
}

export function setThemeChoice(next: ThemeChoice): void {
  if (next === "system") {
    window.localStorage.removeItem(key);
  } else {
    window.localStorage.setItem(key, next);
  }
  for (const listener of listeners) {
    listener();
  }
}

export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(subscribe, choice);
}

export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, () => (choice() === "system" ? dark.matches : choice() === "dark"));
}
