import { FluentProvider, webDarkTheme, webLightTheme } from "@fluentui/react-components";
import { useEffect, type ReactNode } from "react";
import { useIsDark } from "../theme";

export function Themed({ children }: { children: ReactNode }) {
  const isDark = useIsDark();
  useEffect(() => {
    // Scroll bars and native pickers follow.
    document.documentElement.style.colorScheme = isDark ? "dark" : "light";
  }, [isDark]);
  return <FluentProvider theme={isDark ? webDarkTheme : webLightTheme}>{children}</FluentProvider>;
}
